public import NginxConfig

/// The version that `nginx -v` reports: three numbers.
public struct NginxVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The oldest supported version: Debian 12's.
    public static let oldest = NginxVersion(1, 22, 0)

    let major: Int
    let minor: Int
    let patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads the output of `nginx -v`, such as `nginx version: nginx/1.22.1 (Debian)`; nil if it has no version.
    public init?(output: String) {
        guard let match = output.firstMatch(of: #/nginx version: [^/\s]+/(\d+)\.(\d+)\.(\d+)/#),
            let major = Int(match.1), let minor = Int(match.2), let patch = Int(match.3)
        else { return nil }
        self.init(major, minor, patch)
    }

    public var description: String { "\(major).\(minor).\(patch)" }

    public static func < (left: NginxVersion, right: NginxVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension NginxVersion {
    /// The capabilities of the version, according to nginx's change log.
    public var capabilities: NginxCapabilities {
        NginxCapabilities(
            hasHTTP2PerServer: self >= NginxVersion(1, 25, 1), rotatesTicketKeys: self >= NginxVersion(1, 23, 2),
            keepsIdleConnections: self >= NginxVersion(1, 27, 4), cachesCertificates: self >= NginxVersion(1, 27, 4),
            resolvesServers: self >= NginxVersion(1, 27, 3))
    }
}
