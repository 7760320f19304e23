extension AuditRecord.Reload {
    /// The hosts that differ between the configuration before and the attempted one. Hosts as the audit log writes them.
    public struct HostLists: Codable, Sendable, Equatable {
        public var added: [String]
        public var addedCount: Int
        public var removed: [String]
        public var removedCount: Int
        public var changed: [String]
        public var changedCount: Int
        /// Hosts with another owner, and exact hosts that take requests of another namespace's wildcard.
        public var taken: [Taken]
        public var takenCount: Int
        /// Hosts that are closed now and were not before.
        public var closed: [Closed]
        public var closedCount: Int

        public init(
            added: [String], removed: [String], changed: [String], taken: [Taken] = [], closed: [Closed] = []
        ) {
            self.added = added.cut
            addedCount = added.count
            self.removed = removed.cut
            removedCount = removed.count
            self.changed = changed.cut
            changedCount = changed.count
            self.taken = taken.cut
            takenCount = taken.count
            self.closed = closed.cut
            closedCount = closed.count
        }

        private enum CodingKeys: CodingKey {
            case added, addedCount, removed, removedCount, changed, changedCount, taken, takenCount, closed, closedCount
        }

        /// Lines of earlier versions have no takeovers and no closed hosts.
        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            added = try fields.decode([String].self, forKey: .added)
            addedCount = try fields.decode(Int.self, forKey: .addedCount)
            removed = try fields.decode([String].self, forKey: .removed)
            removedCount = try fields.decode(Int.self, forKey: .removedCount)
            changed = try fields.decode([String].self, forKey: .changed)
            changedCount = try fields.decode(Int.self, forKey: .changedCount)
            taken = try fields.decodeIfPresent([Taken].self, forKey: .taken) ?? []
            takenCount = try fields.decodeIfPresent(Int.self, forKey: .takenCount) ?? 0
            closed = try fields.decodeIfPresent([Closed].self, forKey: .closed) ?? []
            closedCount = try fields.decodeIfPresent(Int.self, forKey: .closedCount) ?? 0
        }
    }
}

extension AuditRecord.Reload.HostLists {
    /// A host that moved from one Ingress to another, both written `namespace/name`.
    public struct Taken: Codable, Sendable, Equatable {
        public var host: String
        public var from: String
        public var to: String

        public init(host: String, from: String, to: String) {
            self.host = host
            self.from = from
            self.to = to
        }
    }

    /// A host that answers 503 because of another controller's annotation.
    public struct Closed: Codable, Sendable, Equatable {
        public var host: String
        public var annotation: String

        public init(host: String, annotation: String) {
            self.host = host
            self.annotation = annotation
        }
    }
}
