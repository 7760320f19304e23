extension AuditRecord {
    /// One of several lines about hosts, each host by itself: what makes the log answer for any host, however many there
    /// are and however much of the log is gone.
    public struct Hosts: Codable, Sendable, Equatable {
        public enum Scope: String, Codable, Sendable, CaseIterable {
            /// All hosts that are served, at the start and at the head of each file; any other is not served.
            case whole
            /// All that changed with the reload above, whose line is cut.
            case reload
            /// Claims that changed without a reload.
            case claims
        }

        /// What nginx serves; null when it serves none.
        @WrittenAsNull public var generation: Int?
        public var scope: Scope
        /// From 1.
        public var part: Int
        public var parts: Int
        public var hosts: [HostEntry]

        public init(generation: Int?, scope: Scope, part: Int, parts: Int, hosts: [HostEntry]) {
            self.generation = generation
            self.scope = scope
            self.part = part
            self.parts = parts
            self.hosts = hosts
        }

        /// As many lines as the entries need; one where there are none.
        public static func lines(generation: Int?, scope: Scope, _ entries: [HostEntry]) -> [AuditRecord] {
            let starts = entries.isEmpty ? [0] : Array(stride(from: 0, to: entries.count, by: longestList))
            return starts.enumerated().map { index, start in
                let end = min(start + longestList, entries.count)
                return .hosts(
                    Hosts(
                        generation: generation, scope: scope, part: index + 1, parts: starts.count,
                        hosts: Array(entries[start..<end])))
            }
        }
    }
}
