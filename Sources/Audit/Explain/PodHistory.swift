/// The history of a pod's nginx and of the requested names, up to a line of the log.
struct PodHistory: Sendable {
    enum Process: Sendable, Equatable {
        case unknown
        case running
        /// Nothing is served.
        case down(since: Timestamp, why: String)
    }

    /// The lines of one list, some of which may be missing.
    private struct Parts: Sendable {
        var generation: Int?
        var scope: AuditRecord.Hosts.Scope
        var seen: Set<Int> = []
        var named: Set<String> = []
    }

    private(set) var names: [String: NameHistory]
    private(set) var process = Process.unknown
    private(set) var generation: Int?
    private(set) var first: Timestamp
    private(set) var last: Timestamp
    /// The unsuccessful attempts since the last successful one.
    private(set) var failures: [(moment: Moment, result: String, error: String)] = []
    /// nginx's message by quarantined Ingress, and its first time in the log.
    private(set) var quarantine: [String: (error: String, since: Timestamp)] = [:]
    private var parts: Parts?

    init(_ names: [String], first: Timestamp) {
        self.names = Dictionary(uniqueKeysWithValues: names.map { ($0, NameHistory()) })
        self.first = first
        last = first
    }

    mutating func read(_ line: AuditLine) {
        last = max(last, line.time)
        switch line.record {
        case .start: process = .unknown
        case .stop(let stop):
            process = .down(
                since: line.time, why: stop.error.map { "the controller failed: \($0)" } ?? "the controller was stopped"
            )
        case .nginx(let nginx):
            process =
                nginx.change == .started
                ? .running : .down(since: line.time, why: "nginx ended: \(nginx.ending ?? "unknown reason")")
        case .reload(let reload): read(reload, at: Moment(time: line.time, generation: reload.generation))
        case .hosts(let hosts): read(hosts, at: Moment(time: line.time, generation: hosts.generation))
        case .quarantine(let quarantine): read(quarantine.quarantined, at: line.time)
        case .certificate(let certificate): read(certificate, at: line.time)
        case .users: break
        }
    }

    /// Records a damaged line, which may have concerned any name.
    mutating func missLine() {
        let moment = Moment(time: last, generation: generation)
        for name in names.keys {
            update(name) { if $0.uncertainSince == nil { $0.uncertainSince = moment } }
        }
    }

    private mutating func read(_ reload: AuditRecord.Reload, at moment: Moment) {
        read(reload.quarantined, at: moment.time)
        guard reload.result == .applied else {
            failures.append((moment, reload.result.rawValue, reload.error ?? "unknown reason"))
            return
        }
        generation = reload.generation
        failures = []
        for name in names.keys {
            update(name) { history in
                if history.owner != nil, history.claimants == nil { history.claimants = [] }
                history.apply(reload, to: name, at: moment)
                if reload.isCut, !reload.names(name), history.uncertainSince == nil { history.uncertainSince = moment }
            }
        }
        parts = reload.isCut ? Parts(generation: reload.generation, scope: .reload) : nil
    }

    /// - Parameter all: all Ingresses that are quarantined now.
    private mutating func read(_ all: [AuditRecord.Quarantined], at time: Timestamp) {
        let entries = all.map { entry in
            let ingress = "\(entry.namespace)/\(entry.name)"
            let since = quarantine[ingress].flatMap { $0.error == entry.error ? $0.since : nil } ?? time
            return (ingress, (error: entry.error, since: since))
        }
        quarantine = Dictionary(entries) { first, _ in first }
    }

    private mutating func read(_ hosts: AuditRecord.Hosts, at moment: Moment) {
        if hosts.scope == .whole { generation = hosts.generation }
        if hosts.part == 1 || parts?.generation != hosts.generation || parts?.scope != hosts.scope {
            parts = Parts(generation: hosts.generation, scope: hosts.scope)
            for name in names.keys where hosts.scope == .whole {
                update(name) { if $0.uncertainSince == nil { $0.uncertainSince = moment } }
            }
            for name in names.keys where hosts.scope == .claims {
                // Names that are not listed have no other claimants.
                update(name) { if $0.owner != nil, $0.claimants == nil { $0.claimants = [] } }
            }
        }
        for entry in hosts.hosts where names[entry.host] != nil {
            parts?.named.insert(entry.host)
            update(entry.host) { $0.apply(entry, scope: hosts.scope, at: moment) }
        }
        parts?.seen.insert(hosts.part)
        guard let parts, parts.seen.count == hosts.parts else { return }
        for name in names.keys where !parts.named.contains(name) {
            update(name) { history in
                switch hosts.scope {
                case .whole: history.setOwner(nil, at: moment, nil)
                case .reload: history.uncertainSince = nil
                case .claims, .rotation: break
                }
            }
        }
        self.parts = nil
    }

    private mutating func read(_ certificate: AuditRecord.Certificate, at time: Timestamp) {
        guard names[certificate.host] != nil else { return }
        update(certificate.host) { history in
            history.trouble = certificate.state == "ready" ? nil : (time, certificate)
            // Only a reload or a rotation changes the served certificate. Its version in Vault can change without one.
            if certificate.certificate?.sha256 == history.certificate?.sha256 {
                history.certificate = certificate.certificate
            }
        }
    }

    private mutating func update(_ name: String, _ body: (inout NameHistory) -> Void) {
        if var history = names.removeValue(forKey: name) {
            body(&history)
            names[name] = history
        }
    }
}

extension AuditRecord.Reload {
    /// True if one of its lists contains the host.
    fileprivate func names(_ host: String) -> Bool {
        hosts.added.contains(host) || hosts.removed.contains(host) || hosts.changed.contains(host)
    }

    /// The change of the host: with the cause that concerns it, or else with all causes.
    fileprivate func change(_ host: String, before: String?, at moment: Moment) -> NameHistory.Change {
        let cause = CauseIndex(causes).cause(host: host, owners: (before, owners[host]), claimants: [])
        return NameHistory.Change(moment: moment, causes: cause.map { [$0] } ?? causes, isCauseCertain: cause != nil)
    }
}

extension NameHistory {
    fileprivate mutating func apply(_ reload: AuditRecord.Reload, to name: String, at moment: Moment) {
        let change = reload.change(name, before: owner, at: moment)
        if reload.hosts.removed.contains(name) { setOwner(nil, at: moment, change) }
        if reload.hosts.added.contains(name) {
            setOwner(reload.owners[name], at: moment, change)
            claimants = claimants ?? []
            isCertificateKnown = true
        }
        if reload.hosts.changed.contains(name) {
            let isKnown = standing != .unknown
            if reload.owners[name] == owner { routesChanged = change }
            setOwner(reload.owners[name], at: moment, isKnown ? change : nil)
        }
        if let conflict = reload.conflicts.first(where: { $0.host == name }) {
            setClaimants(conflict.claimants, count: conflict.claimantsCount, at: moment)
        }
        if let certificate = reload.certificates.first(where: { $0.host == name }) {
            setCertificate(certificate, Change(moment: moment))
            if trouble?.report.state == "pending" { trouble = nil }
        } else if reload.causes.contains(where: {
            $0.kind == "Certificate" && $0.name == name && $0.change == "deleted"
        }) {
            setCertificate(nil, Change(moment: moment))
        }
    }

    fileprivate mutating func apply(_ entry: AuditRecord.HostEntry, scope: AuditRecord.Hosts.Scope, at moment: Moment) {
        var change: Change?
        // The first line about a host may repeat an old state.
        if scope != .whole, standing != .unknown {
            change = Change(moment: moment, causes: [entry.cause].compactMap { $0 }, isCauseCertain: entry.cause != nil)
        }
        if scope == .reload, uncertainSince != nil, entry.owner == owner, entry.claimants == claimants,
            entry.certificate == certificate
        {
            routesChanged = change
        }
        setOwner(entry.owner, at: moment, change)
        guard entry.owner != nil else { return }
        if entry.claimants != nil || claimants == nil {
            setClaimants(entry.claimants, count: entry.claimantsCount, at: moment)
        }
        setCertificate(entry.certificate, change)
    }
}
