extension AuditRecord {
    /// A part of a list of hosts. With these lists, the log answers for any number of hosts, even if old files are
    /// deleted.
    public struct Hosts: Codable, Sendable, Equatable {
        public enum Scope: String, Codable, Sendable, CaseIterable {
            /// All served hosts, at the start and at the head of each file.
            case whole
            /// All hosts that changed with the reload before, whose line is cut.
            case reload
            /// Hosts whose claimants changed without a reload.
            case claims
            /// Hosts whose certificates were replaced without a reload. A handshake has verified each.
            case rotation
        }

        /// The live generation; null if there is none.
        @WrittenAsNull public var generation: Int?
        public var scope: Scope
        /// Counted from 1.
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

        /// Splits the entries into as many lines as they need, at least one.
        public static func lines(generation: Int?, scope: Scope, _ entries: [HostEntry]) -> [AuditRecord] {
            let starts = entries.isEmpty ? [0] : Array(stride(from: 0, to: entries.count, by: maximumListLength))
            return starts.enumerated().map { index, start in
                let end = min(start + maximumListLength, entries.count)
                return .hosts(
                    Hosts(
                        generation: generation, scope: scope, part: index + 1, parts: starts.count,
                        hosts: Array(entries[start..<end])))
            }
        }
    }
}
