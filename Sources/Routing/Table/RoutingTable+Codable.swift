extension RoutingTable: Codable {
    private enum CodingKeys: CodingKey {
        case hosts, pods, unserved
    }

    private struct Pods: Codable {
        let backend: Backend
        let addresses: [AddressAndPort]
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let pods = try fields.decode([Pods].self, forKey: .pods)
        self.init(
            hosts: try fields.decode([VirtualHost].self, forKey: .hosts),
            pods: Dictionary(pods.map { ($0.backend, $0.addresses) }) { first, _ in first },
            // Version 0.1.0 had none.
            unserved: try fields.decodeIfPresent([Host].self, forKey: .unserved) ?? [])
    }

    /// Equal tables are written alike: the pods are sorted by their Service.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(hosts, forKey: .hosts)
        let sorted = pods.sorted { $0.key.sortKey < $1.key.sortKey }
        try fields.encode(sorted.map { Pods(backend: $0.key, addresses: $0.value) }, forKey: .pods)
        if !unserved.isEmpty { try fields.encode(unserved, forKey: .unserved) }
    }
}

extension Backend {
    /// The Service and port of pods; empty for the other backends, which have none.
    fileprivate var sortKey: String {
        switch self {
        case .pods(let key, let address, let port): "\(key) \(address) \(port)"
        case .endpoints(let key, let address, let port, let balancing):
            "\(key) \(address) \(port) \(balancing.backendProtocol) \(balancing.method)"
        case .service, .unavailable, .split, .blueGreen: ""
        }
    }
}

extension AddressAndPort: TextCodable {
    public init(_ text: String) throws(InvalidValue) {
        // Port 0 is not valid: a text without a port is rejected.
        guard let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]) else {
            throw InvalidValue(text, expected: "ADDRESS:PORT")
        }
        try self.init(text, defaultPort: try ServicePort(number))
    }

    public var codedText: String { description }
}
