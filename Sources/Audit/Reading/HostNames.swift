/// A name that people ask for, and under which names the log may know it.
public struct HostNames: Sendable, Equatable {
    /// As asked for, in lower case.
    public let host: String
    /// In the order in which nginx looks: the host itself, the wildcard for one label, the catch-all.
    let candidates: [String]

    /// - Parameter host: `*` for the catch-all, which `""` is in an Ingress.
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

    /// What a filter looks for: the host, and the wildcard that serves it where nobody claims the host itself. The
    /// catch-all serves every name, so its lines would tell nothing of this one.
    var filtered: Set<String> { Set(candidates.filter { $0 != "*" || host == "*" }) }
}
