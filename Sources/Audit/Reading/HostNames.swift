/// A requested host, and the server names under which it may be served.
public struct HostNames: Sendable, Equatable {
    /// The requested host in lowercase.
    public let host: String
    /// The server names in nginx's order: the host itself, the wildcard for one label, the catch-all.
    let candidates: [String]

    /// - Parameter host: `*` or empty for the catch-all.
    public init(_ host: String) {
        let host = host.isEmpty ? "*" : host.lowercased()
        self.host = host
        let parent = host.firstIndex(of: ".").map { "*" + host[$0...] }
        candidates =
            switch host {
            case "*": ["*"]
            case _ where host.hasPrefix("*."): [host, "*"]
            default: [host, parent, "*"].compactMap { $0 }
            }
    }

    /// The names of a filter: the host, and the wildcard that covers it. Not the catch-all, which covers every host.
    var filtered: Set<String> { Set(candidates.filter { $0 != "*" || host == "*" }) }
}
