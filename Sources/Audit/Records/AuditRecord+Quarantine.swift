extension AuditRecord {
    /// All Ingresses that are quarantined now, as in the line of a reload.
    public struct Quarantine: Codable, Sendable, Equatable {
        public var quarantined: [Quarantined]
        public var quarantinedCount: Int

        public init(_ quarantined: [Quarantined]) {
            self.quarantined = quarantined.cut
            quarantinedCount = quarantined.count
        }
    }

    /// An Ingress that nginx rejects. It is served in its last good state.
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
