extension AuditRecord {
    /// All that are in quarantine now; a reload's line tells the same.
    public struct Quarantine: Codable, Sendable, Equatable {
        public var quarantined: [Quarantined]
        public var quarantinedCount: Int

        public init(_ quarantined: [Quarantined]) {
            self.quarantined = quarantined.cut
            quarantinedCount = quarantined.count
        }
    }

    /// An Ingress that nginx refuses: it is served as it last was good.
    public struct Quarantined: Codable, Sendable, Equatable {
        public var namespace: String
        public var name: String
        public var error: String

        public init(namespace: String, name: String, error: String) {
            self.namespace = namespace
            self.name = name
            self.error = error
        }
    }
}
