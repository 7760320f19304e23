extension AuditRecord {
    /// An attempt to change what nginx serves. Lists are cut; their whole length stands beside them.
    public struct Reload: Codable, Sendable, Equatable {
        public enum Result: String, Codable, Sendable, CaseIterable {
            /// nginx serves it.
            case applied
            /// The test failed; nothing changed.
            case rejected
            /// nginx did not take it; rolled back.
            case failed
        }

        public struct HostLists: Codable, Sendable, Equatable {
            public var added: [String]
            public var addedCount: Int
            public var removed: [String]
            public var removedCount: Int
            public var changed: [String]
            public var changedCount: Int

            public init(added: [String], removed: [String], changed: [String]) {
                self.added = added.cut
                addedCount = added.count
                self.removed = removed.cut
                removedCount = removed.count
                self.changed = changed.cut
                changedCount = changed.count
            }
        }

        /// How long each step took, in milliseconds.
        public struct Times: Codable, Sendable, Equatable {
            public var route: Double
            public var render: Double
            public var test: Double
            public var reload: Double
            public var total: Double

            public init(route: Duration, render: Duration, test: Duration, reload: Duration, total: Duration) {
                self.route = route.milliseconds
                self.render = render.milliseconds
                self.test = test.milliseconds
                self.reload = reload.milliseconds
                self.total = total.milliseconds
            }
        }

        /// Null when no folder could be written.
        @WrittenAsNull public var generation: Int?
        public var result: Result
        public var causes: [CauseEntry]
        public var causeCount: Int
        public var hosts: HostLists
        /// Of the hosts that are named as added or changed: `namespace/name` by host.
        public var owners: [String: String]
        /// Hosts whose other claimants are not the same as before.
        public var conflicts: [Conflict]
        public var conflictCount: Int
        /// Served from now on; one that is gone shows among the causes.
        public var certificates: [CertificateEntry]
        public var certificateCount: Int
        /// All that are left out, not only since this attempt.
        public var quarantined: [Quarantined]
        public var quarantinedCount: Int
        public var milliseconds: Times
        /// Of the table that was attempted.
        public var hostCount: Int
        /// Of the attempted `nginx.conf`.
        @WrittenAsNull public var sha256: String?
        @WrittenAsNull public var error: String?

        /// - Parameters:
        ///   - owners: of all hosts that were added or changed.
        public init(
            generation: Int?, result: Result, causes: [CauseEntry], hosts: HostLists, owners: [String: String],
            conflicts: [Conflict], certificates: [CertificateEntry], quarantined: [Quarantined] = [],
            milliseconds: Times, hostCount: Int, sha256: String?, error: String?
        ) {
            self.generation = generation
            self.result = result
            self.causes = causes.cut
            causeCount = causes.count
            self.hosts = hosts
            let named = Set(hosts.added + hosts.changed)
            self.owners = owners.filter { named.contains($0.key) }
            self.conflicts = conflicts.cut
            conflictCount = conflicts.count
            self.certificates = certificates.cut
            certificateCount = certificates.count
            self.quarantined = quarantined.cut
            quarantinedCount = quarantined.count
            self.milliseconds = milliseconds
            self.hostCount = hostCount
            self.sha256 = sha256
            self.error = error
        }

        /// Whether something about a host is missing here; lines of the event `hosts` then have all of it.
        public var isCut: Bool {
            causes.count < causeCount || hosts.added.count < hosts.addedCount
                || hosts.removed.count < hosts.removedCount || hosts.changed.count < hosts.changedCount
                || conflicts.count < conflictCount || certificates.count < certificateCount
        }
    }
}

extension Array {
    /// As many as a line may have.
    var cut: [Element] { Array(prefix(AuditRecord.longestList)) }
}

extension Duration {
    /// Rounded to a tenth.
    fileprivate var milliseconds: Double { (self / .milliseconds(1) * 10).rounded() / 10 }
}
