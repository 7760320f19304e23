/// The version that `nginx -v` reports: three numbers.
public struct NginxVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The oldest that is supported: Debian 12's.
    public static let oldest = NginxVersion(1, 22, 0)

    public let major: Int
    public let minor: Int
    public let patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// - Parameter output: as in `nginx version: nginx/1.22.1 (Debian)`; nil when it holds no such line.
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
