extension AuditRecord {
    /// An attempt to apply a configuration. Long lists are cut; the counts are those of the complete lists.
    public struct Reload: Codable, Sendable, Equatable {
        public enum Result: String, Codable, Sendable, CaseIterable {
            /// nginx serves the generation.
            case applied
            /// nginx -t rejected the configuration; nothing changed.
            case rejected
            /// nginx did not load the configuration; it was rolled back.
            case failed
        }

        /// The duration of each step in milliseconds.
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

        /// Null if the generation could not be written.
        @WrittenAsNull public var generation: Int?
        public var result: Result
        public var causes: [CauseEntry]
        public var causeCount: Int
        public var hosts: HostLists
        /// The owners of the listed added and changed hosts: `namespace/name` by host.
        public var owners: [String: String]
        /// Hosts whose claimants have changed.
        public var conflicts: [Conflict]
        public var conflictCount: Int
        /// New certificates. A removed certificate is one of the causes.
        public var certificates: [CertificateEntry]
        public var certificateCount: Int
        /// All quarantined Ingresses, not only new ones.
        public var quarantined: [Quarantined]
        public var quarantinedCount: Int
        public var milliseconds: Times
        /// The number of hosts in the attempted configuration.
        public var hostCount: Int
        /// The SHA-256 of the attempted `nginx.conf`.
        @WrittenAsNull public var sha256: String?
        @WrittenAsNull public var error: String?

        /// - Parameter owners: the owners of all added and changed hosts.
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

        /// True if a list about hosts is cut. Then lines of the event `hosts` contain all of them.
        public var isCut: Bool {
            causes.count < causeCount || hosts.added.count < hosts.addedCount
                || hosts.removed.count < hosts.removedCount || hosts.changed.count < hosts.changedCount
                || hosts.taken.count < hosts.takenCount || hosts.closed.count < hosts.closedCount
                || conflicts.count < conflictCount || certificates.count < certificateCount
        }
    }
}

extension Array {
    /// The first elements, as many as a line may contain.
    var cut: [Element] { Array(prefix(AuditRecord.maximumListLength)) }
}

extension Duration {
    /// Rounded to a tenth.
    fileprivate var milliseconds: Double { (self / .milliseconds(1) * 10).rounded() / 10 }
}
