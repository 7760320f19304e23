internal import Audit
internal import Certificates
internal import Kubernetes
internal import KubernetesAPI
internal import Nginx
internal import NginxConfig
internal import Routing

/// What the loop tells the audit log, and what it remembers of it for the next time. Pure.
struct AuditTrail {
    /// One attempt to change nginx, with what it was made from.
    struct Attempt {
        var result: ReloadAttempt
        /// What was live before; nil when nothing was.
        var old: ConfigurationFiles?
        var new: ConfigurationFiles
        var rejections: [Rejection]
        /// What changed in the cluster; those of certificates are found here.
        var causes: [Cause]
        var certificates: [CertificateChange]
        /// nginx's words by Ingress.
        var quarantined: [OwnerRef: String] = [:]
        var times: AuditRecord.Reload.Times
    }

    /// What nginx serves after the records so far.
    private(set) var standing = ServedHosts()
    private var lastFiles: ConfigurationFiles?
    private var lastClaimants: [String: [String]]?
    private var lastQuarantined: [AuditRecord.Quarantined] = []

    /// The controller has started; nginx may serve what the last run left.
    mutating func begin(_ generation: Int?, _ files: ConfigurationFiles?) -> [AuditRecord] {
        standing = ServedHosts(generation: generation, files: files, claimants: nil)
        return standing.records(scope: .whole)
    }

    /// nginx was told something new, or was meant to be.
    mutating func attempted(_ attempt: Attempt) -> [AuditRecord] {
        let causes =
            attempt.causes.map(AuditRecord.CauseEntry.init)
            + attempt.certificates.map { AuditRecord.CauseEntry(Cause($0)) }
        let changes = HostChanges(from: attempt.old, to: attempt.new)
        let claimants = ServedHosts.claimants(attempt.rejections)
        let next = ServedHosts(
            generation: attempt.result.generation, files: attempt.new, claimants: claimants)
        let reclaimed = next.hosts.filter { ($0.value.claimants ?? []) != (standing.hosts[$0.key]?.claimants ?? []) }
        lastQuarantined = AuditRecord.Quarantined.list(attempt.quarantined)
        let served = attempt.certificates.filter { $0.verb != .deleted }
        let reload = AuditRecord.Reload(
            generation: attempt.result.generation, result: attempt.result.result.kind, causes: causes,
            hosts: .init(added: changes.added, removed: changes.removed, changed: changes.changed),
            owners: next.hosts.mapValues(\.owner),
            conflicts: reclaimed.sorted { $0.key < $1.key }.map {
                AuditRecord.Conflict(host: $0.key, owner: $0.value.owner, claimants: $0.value.claimants ?? [])
            },
            certificates: served.map { AuditRecord.CertificateEntry(host: $0.host, $0.certificate) },
            quarantined: lastQuarantined, milliseconds: attempt.times, hostCount: next.hosts.count,
            sha256: try? SHA256.hex(of: attempt.new.contents[ConfigurationFiles.main] ?? ""),
            error: attempt.result.result.error)
        guard attempt.result.result == .applied else { return [.reload(reload)] }
        let last = standing
        standing = next
        (lastFiles, lastClaimants) = (attempt.new, claimants)
        guard reload.isCut else { return [.reload(reload)] }
        let touched = Set(changes.added + changes.removed + changes.changed + reclaimed.keys)
            .union(attempt.certificates.map(\.host).filter { standing.hosts[$0] != nil })
        return [.reload(reload)] + records(scope: .reload, touched, since: last, causes)
    }

    /// nginx need not be told anything; who claims what, or who is held back, may be different all the same.
    mutating func unchanged(
        _ files: ConfigurationFiles, _ rejections: [Rejection], causes: [Cause],
        quarantined: [OwnerRef: String] = [:]
    ) -> [AuditRecord] {
        let held = AuditRecord.Quarantined.list(quarantined)
        defer { lastQuarantined = held }
        return claims(files, rejections, causes) + (held == lastQuarantined ? [] : [.quarantine(.init(held))])
    }

    private mutating func claims(
        _ files: ConfigurationFiles, _ rejections: [Rejection], _ causes: [Cause]
    ) -> [AuditRecord] {
        let claimants = ServedHosts.claimants(rejections)
        guard files != lastFiles || claimants != lastClaimants else { return [] }
        let last = standing
        let isFirst = lastClaimants == nil
        standing = ServedHosts(generation: last.generation, files: files, claimants: claimants)
        let touched = standing.hosts.filter { host, facts in
            facts.owner != last.hosts[host]?.owner || facts.claimants ?? [] != last.hosts[host]?.claimants ?? []
        }
        (lastFiles, lastClaimants) = (files, claimants)
        // The first time after a start, it is news as well that the hosts that are not named have no other claimants.
        guard isFirst || !touched.isEmpty else { return [] }
        return records(scope: .claims, Set(touched.keys), since: last, causes.map(AuditRecord.CauseEntry.init))
    }

    private func records(
        scope: AuditRecord.Hosts.Scope, _ hosts: Set<String>, since last: ServedHosts,
        _ causes: [AuditRecord.CauseEntry]
    ) -> [AuditRecord] {
        let index = CauseIndex(causes)
        let entries = hosts.sorted().map { host in
            let (before, after) = (last.hosts[host], standing.hosts[host])
            return standing.entry(
                host,
                cause: index.cause(
                    host: host, owners: (before?.owner, after?.owner),
                    claimants: Set(before?.claimants ?? []).symmetricDifference(after?.claimants ?? [])))
        }
        return AuditRecord.Hosts.lines(generation: standing.generation, scope: scope, entries)
    }
}

extension AuditRecord.CauseEntry {
    init(_ cause: Cause) {
        self.init(
            kind: cause.kind, namespace: cause.namespace, name: cause.name, change: cause.change.rawValue,
            resourceVersion: cause.resourceVersion, manager: cause.manager)
    }
}

extension AuditRecord.Quarantined {
    fileprivate static func list(_ problems: [OwnerRef: String]) -> [Self] {
        problems.sorted { $0.key < $1.key }.map {
            Self(namespace: $0.key.namespace, name: $0.key.name, error: $0.value)
        }
    }
}

extension ReloadAttempt.Result {
    var kind: AuditRecord.Reload.Result {
        switch self {
        case .applied: .applied
        case .rejected: .rejected
        case .failed: .failed
        }
    }

    /// As the audit log and the metrics write it.
    var name: String { kind.rawValue }

    var error: String? {
        switch self {
        case .applied: nil
        case .rejected(let error), .failed(let error): error
        }
    }
}
