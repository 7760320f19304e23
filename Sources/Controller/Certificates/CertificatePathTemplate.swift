public import Routing

/// The path in Vault of the certificate of a host: `secret/ssl/{host}`. `{namespace}` and `{ingress}` keep one team
/// from using the certificates of another.
public struct CertificatePathTemplate: Sendable, Equatable, CustomStringConvertible {
    private let text: String
    /// The text, divided at placeholders, which are pieces of their own. Divided once: there are thousands of hosts.
    private let pieces: [String]

    public var description: String { text }

    /// - Parameter text: may begin and end with a slash, as other tools write paths.
    /// - Throws: `InvalidValue` for an unknown placeholder, or a path without `{host}`.
    public init(_ text: String) throws(InvalidValue) {
        let text = String(text.wholeMatch(of: #/\/?(.*?)\/?/#)?.1 ?? text[...])
        let rest = ["{host}", "{namespace}", "{ingress}"].reduce(text) { $0.replacing($1, with: "") }
        guard !rest.contains(where: { "{}".contains($0) }) else {
            throw InvalidValue(text, expected: "no placeholders but {host}, {namespace} and {ingress}")
        }
        guard text.contains("{host}"), text.split(separator: "/").count >= 2 else {
            throw InvalidValue(text, expected: "a path with {host} below an engine, as in secret/ssl/{host}")
        }
        let elements = text.split(separator: "/", omittingEmptySubsequences: false)
        guard !elements.contains(where: { ["", ".", ".."].contains($0) }) else {
            throw InvalidValue(text, expected: "a path without empty elements, . and ..")
        }
        self.text = text
        pieces = text.split(separator: "{").enumerated().flatMap { index, part -> [String] in
            guard index > 0 || text.hasPrefix("{"), let end = part.firstIndex(of: "}") else { return [String(part)] }
            return ["{" + part[...end], String(part[part.index(after: end)...])]
        }
    }

    /// The paths to try, in order: that of the host, that of the wildcard of its parent domain, then that of the wildcard
    /// below the host, whose certificate often covers the host too. Empty if a name could lead to another path.
    public func paths(host: Host, owner: OwnerRef) -> [String] {
        guard host != .catchAll, owner.hasDNSNames else { return [] }
        return ([host] + [host.coveringWildcard, host.wildcardBelow].compactMap { $0 }).map { host in
            pieces.map { piece in
                switch piece {
                case "{host}": host.name
                case "{namespace}": owner.namespace
                case "{ingress}": owner.name
                default: piece
                }
            }.joined()
        }
    }
}

extension OwnerRef {
    /// True if namespace and name are DNS names, as Kubernetes requires ("Object Names and IDs"). A manifest file may
    /// contain anything.
    var hasDNSNames: Bool { (try? DNSName(namespace)) != nil && (try? DNSName(name)) != nil }
}

extension Host {
    /// `*.example.com` for `example.com`.
    var wildcardBelow: Host? {
        if case .exact(let name) = self { .wildcard(parent: name) } else { nil }
    }
}
