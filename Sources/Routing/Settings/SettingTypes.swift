/// The origin of a host's certificate.
public enum CertificateOrigin: Sendable, Hashable, Codable {
    /// The label `ssl`: Vault.
    case vault
    /// `spec.tls`, with `--kubernetes-secrets`.
    case secret(ObjectName)

    public var secret: ObjectName? {
        if case .secret(let name) = self { name } else { nil }
    }
}

/// The redirect of plain http to https (RFC 9110 §15.4).
public enum HTTPSRedirect: String, Sendable, Hashable, CaseIterable, Codable {
    /// The label `httpsOnly`: 301.
    case httpsOnly
    /// Browsers turn a POST into a GET.
    case movedPermanently = "301"
    /// Browsers keep the method.
    case permanentRedirect = "308"
}

/// The protocol that nginx uses towards a backend.
public enum BackendProtocol: String, Sendable, Hashable, CaseIterable, Codable {
    case http, https, grpc, grpcs

    public var isGRPC: Bool { self == .grpc || self == .grpcs }

    static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

/// `Strict-Transport-Security` of a host (RFC 6797 §6.1), without `includeSubDomains`: another team may own those.
public enum StrictTransport: Sendable, Hashable, Codable, CustomStringConvertible {
    case off
    case seconds(Int)

    public var description: String {
        switch self {
        case .off: "off"
        case .seconds(let seconds): "\(seconds)s"
        }
    }
}

/// The users of basic auth.
public enum BasicAuth: Sendable, Hashable, Codable {
    case users(VaultPath)
    /// The users in a Secret, with `--kubernetes-secrets`.
    case secret(ObjectName)
    /// The annotation is invalid: the host answers 503 instead of being served without a password.
    case nobody

    /// The place of the htpasswd file; nil if no user has access.
    public var source: HtpasswdSource? {
        switch self {
        case .users(let path): .vault(path)
        case .secret(let name): .secret(name)
        case .nobody: nil
        }
    }
}
