internal import Kubernetes
internal import KubernetesAPI
public import Routing

/// Where in Vault a host's certificate lies: `secret/ssl/{host}`, with `{namespace}` and `{ingress}` where one team must
/// not use another's.
public struct CertificatePathTemplate: Sendable, Equatable, CustomStringConvertible {
    private let text: String

    public var description: String { text }

    /// - Throws: `InvalidValue` for an unknown placeholder, or a path without `{host}`.
    public init(_ text: String) throws(InvalidValue) {
        let rest = ["{host}", "{namespace}", "{ingress}"].reduce(text) { $0.replacing($1, with: "") }
        guard !rest.contains(where: { "{}".contains($0) }) else {
            throw InvalidValue(text, expected: "no placeholders but {host}, {namespace} and {ingress}")
        }
        guard text.contains("{host}"), text.split(separator: "/").count >= 2 else {
            throw InvalidValue(text, expected: "a path with {host} below an engine, as in secret/ssl/{host}")
        }
        self.text = text
    }

    /// The paths to try, in order: the host's own, then the wildcard of its parent domain. None where a name could
    /// lead elsewhere.
    public func paths(host: Host, owner: OwnerRef) -> [String] {
        guard host != .catchAll, Self.isSafe(owner.namespace), Self.isSafe(owner.name) else { return [] }
        return ([host] + [host.coveringWildcard].compactMap { $0 }).map { host in
            text.replacing("{host}", with: host.name).replacing("{namespace}", with: owner.namespace)
                .replacing("{ingress}", with: owner.name)
        }
    }

    /// Names of objects are DNS names (k8s API: "Object Names and IDs"); a manifest may say anything.
    private static func isSafe(_ name: String) -> Bool {
        (try? DNSName(name)) != nil
    }
}
