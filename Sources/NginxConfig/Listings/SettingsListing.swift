internal import Routing

extension HostSettings {
    /// The settings as the listing writes them: labels by name, the Secret, what closes the host, then annotations with their values, each
    /// sorted.
    var listed: [String] {
        let labels = [(http2, "http2"), (redirect != nil, "httpsOnly"), (tls != nil, "ssl")].filter(\.0).map(\.1)
        let secret = tls?.secret.map { "secret=\($0)" }
        let annotations = Self.annotations.compactMap { name, description in
            description.listed(self).map { "\(name)=\($0)" }
        }
        return labels + [secret, closedBy.map { "closed-by=\($0)" }].compactMap(\.self) + annotations
    }

    /// Made once: a table has thousands of hosts.
    private static let annotations = Annotation.sorted.map { (name: $0.rawValue, description: $0.description) }
}
