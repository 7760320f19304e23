internal import Routing

/// Why a host needs a server of its own instead of one line in the maps of the shared servers. Everything else that a
/// host can have is in a map, or is equal for all hosts of a shared server (`SharedServerKey`).
enum OwnServerReason: CaseIterable, Sendable {
    /// A regular expression matches it, or it is the default server.
    case wildcardOrCatchAll
    /// `map` reads these words as parameters.
    case reservedName
    /// nginx reads its certificate when it starts.
    case certificate
    /// The realm and the file are those of the host.
    case users
    /// A zone counts the requests of one host.
    case rateLimit
    /// The rewrite depends on the location.
    case rewrite
    case appRoot
    /// nginx would also replace the 404 of an application.
    case errorPages
    /// Keys of maps ignore case.
    case uppercasePath
    /// `SharedPathPattern` captures fewer elements.
    case deepPath
    /// A long key makes the buckets of every map larger.
    case longPath

    /// The first reason; nil if the host can share a server.
    static func first(for host: VirtualHost, _ tls: HostTLS, _ loading: CertificateLoading) -> OwnServerReason? {
        allCases.first { $0.applies(to: host, tls, loading) }
    }

    private func applies(to host: VirtualHost, _ tls: HostTLS, _ loading: CertificateLoading) -> Bool {
        let own = host.settings
        switch self {
        case .wildcardOrCatchAll: return !host.host.isExact
        case .reservedName: return Self.reservedNames.contains(host.host.name)
        case .certificate:
            guard case .served = tls else { return false }
            return !loading.readsInHandshake(tls)
        case .users: return own.basicAuth?.source != nil
        case .rateLimit: return own.rateLimit != nil
        case .rewrite: return own.rewritePrefix != nil
        case .appRoot: return own.appRoot != nil
        case .errorPages: return own.errorPages
        case .uppercasePath: return host.hasPath { $0.contains { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 } }
        case .deepPath:
            return host.hasPath { $0.count { $0 == UInt8(ascii: "/") } > SharedPaths.maximumDepth }
        case .longPath: return host.hasPath { $0.count > SharedPaths.maximumLength }
        }
    }

    private static let reservedNames: Set<String> = ["default", "hostnames", "include", "volatile"]
}

extension Host {
    fileprivate var isExact: Bool { if case .exact = self { true } else { false } }
}

extension VirtualHost {
    fileprivate func hasPath(_ condition: (String.UTF8View) -> Bool) -> Bool {
        routes.contains { condition($0.match.path.text.utf8) }
    }
}
