internal import Audit
internal import KubernetesAPI
internal import Nginx
internal import NginxConfig
internal import Routing

/// Makes audit records of the actions of the reconciliation loop, and tracks the state that the records describe. Pure.
struct AuditTrail {
    /// One attempt to change nginx, with what it was made from.
    struct Attempt {
        var result: ReloadAttempt
        var new: Configuration
        /// From the configuration of the last record to `new`.
        var diff: ConfigurationDiff
        /// The hosts with a new owner.
        var taken: [HostTakeover] = []
        /// SHA-256 of the `nginx.conf` of `new`.
        var sha256: String?
        var rejections: [Rejection]
        /// What changed in the cluster. The changes of certificates and htpasswd files follow from `diff`.
        var causes: [Cause]
        var times: AuditRecord.Reload.Times
    }

    /// The state that the records so far describe.
    private(set) var state = AuditedState()
    private var lastQuarantined: [AuditRecord.Quarantined] = []

    /// The controller has started; nginx may serve a generation of an earlier run.
    mutating func begin(_ generation: Int?, _ configuration: Configuration?) -> [AuditRecord] {
        state = AuditedState(generation: generation, configuration: configuration, claimants: nil)
        return state.records(scope: .whole)
    }

    /// An attempt to change nginx has ended.
    mutating func attempted(_ attempt: Attempt) -> [AuditRecord] {
        let diff = attempt.diff
        let causes = (attempt.causes + diff.htpasswdFiles.map(Cause.init) + diff.certificates.map(Cause.init))
            .map(AuditRecord.CauseEntry.init)
        let next = AuditedState(
            generation: attempt.result.generation, configuration: attempt.new,
            claimants: AuditedState.Claimants(attempt.rejections))
        let owners = next.owners
        let before = state.owners
        // The claimants of a host that was not served are in no record yet.
        let reclaimed = owners.keys.filter { host in
            next.claimants?[host] ?? [] != (before[host] == nil ? nil : state.claimants?[host]) ?? []
        }.sorted()
        lastQuarantined = AuditRecord.Quarantined.list(attempt.new.quarantined)
        let reload = AuditRecord.Reload(
            generation: attempt.result.generation, result: attempt.result.result.kind, causes: causes,
            hosts: .init(
                added: diff.added, removed: diff.removed, changed: diff.changed,
                taken: attempt.taken.map { .init(host: "\($0.host)", from: "\($0.from)", to: "\($0.to)") },
                closed: attempt.new.closed(since: state.configuration)), owners: owners,
            conflicts: reclaimed.map {
                AuditRecord.Conflict(host: $0, owner: owners[$0] ?? "", claimants: next.claimants?[$0] ?? [])
            },
            certificates: diff.certificates.filter { $0.verb != .deleted }
                .flatMap { AuditRecord.CertificateEntry.list(host: $0.host, $0.certificate) },
            quarantined: lastQuarantined, milliseconds: attempt.times, hostCount: owners.count,
            sha256: attempt.sha256, error: attempt.result.result.error)
        guard attempt.result.result == .applied else { return [.reload(reload)] }
        let last = state
        state = next
        guard reload.isCut else { return [.reload(reload)] }
        let touched = Set(diff.added + diff.removed + diff.changed + reclaimed)
            .union(diff.certificates.map(\.host).filter { owners[$0] != nil })
        return [.reload(reload)] + records(scope: .reload, touched, since: last, causes)
    }

    /// A pass has ended without a reload. Claims and quarantine may have changed.
    mutating func unchanged(
        _ configuration: Configuration, _ rejections: [Rejection], causes: [Cause]
    ) -> [AuditRecord] {
        let quarantined = AuditRecord.Quarantined.list(configuration.quarantined)
        defer { lastQuarantined = quarantined }
        return claims(configuration, rejections, causes)
            + (quarantined == lastQuarantined ? [] : [.quarantine(.init(quarantined))])
    }

    /// Certificates were replaced without a reload, and verified by handshakes.
    ///
    /// - Parameter changes: the hosts that have another certificate now.
    mutating func rotated(
        _ certificates: CertificateSet, _ changes: [ConfigurationDiff.CertificateChange]
    ) -> [AuditRecord] {
        let last = state
        state.configuration.certificates = certificates
        return records(
            scope: .rotation, Set(changes.map(\.host)), since: last,
            changes.map(Cause.init).map(AuditRecord.CauseEntry.init))
    }

    private mutating func claims(
        _ configuration: Configuration, _ rejections: [Rejection], _ causes: [Cause]
    ) -> [AuditRecord] {
        let claimants = AuditedState.Claimants(rejections)
        guard configuration != state.configuration || claimants != state.claimants else { return [] }
        let last = state
        state = AuditedState(generation: last.generation, configuration: configuration, claimants: claimants)
        let before = last.owners
        let touched = state.owners.filter { host, owner in
            owner != before[host] || claimants[host] ?? [] != last.claimants?[host] ?? []
        }
        // The first line after a start also says that all other hosts have no claimants.
        guard last.claimants == nil || !touched.isEmpty else { return [] }
        return records(scope: .claims, Set(touched.keys), since: last, causes.map(AuditRecord.CauseEntry.init))
    }

    private func records(
        scope: AuditRecord.Hosts.Scope, _ hosts: Set<String>, since last: AuditedState,
        _ causes: [AuditRecord.CauseEntry]
    ) -> [AuditRecord] {
        let index = CauseIndex(causes)
        let (before, owners, certificates) = (last.owners, state.owners, state.configuration.servedCertificates)
        let entries = hosts.sorted().map { host in
            let claimants = (before[host] == nil ? nil : last.claimants?[host]) ?? []
            return state.entry(
                host, owners, certificates,
                cause: index.cause(
                    host: host, owners: (before[host], owners[host]),
                    claimants: Set(claimants)
                        .symmetricDifference((owners[host] == nil ? nil : state.claimants?[host]) ?? [])))
        }
        return AuditRecord.Hosts.lines(generation: state.generation, scope: scope, entries)
    }
}
