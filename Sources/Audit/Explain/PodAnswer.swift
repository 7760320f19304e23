/// The text of an explanation for one pod.
struct PodAnswer {
    let host: HostNames
    let pod: String
    let when: String
    let history: PodHistory
    /// The next change of the owner; nil as owner if the host was removed.
    let until: (moment: Moment, owner: String?)?

    /// False if the log does not contain the host.
    var isKnown: Bool {
        switch history.answer(host) {
        case .served: true
        case .unknown: false
        // It was served before.
        case .notServed: host.candidates.contains { history.names[$0]?.since != nil }
        }
    }

    var text: String {
        var lines = ["\(host.host) \(when), pod \(pod)", ""]
        if case .down(let since, let why) = history.process {
            lines.append("Nothing has been served since \(since): \(why). Before that:")
        }
        switch history.answer(host) {
        case .served(let name, let owner): lines += served(name, owner)
        case .notServed: lines += notServed
        case .unknown(let name):
            lines.append("The owner of \(name) is unknown: the log begins later.")
        }
        lines += failures
        return lines.joined(separator: "\n") + "\n"
    }

    private func served(_ name: String, _ owner: String) -> [String] {
        guard let own = history.names[name] else { return [] }
        var lines: [String] = []
        if name == host.host {
            lines.append("Served for Ingress \(owner).")
        } else {
            lines.append("No Ingress owned \(host.host) itself. It was served as \(name) for Ingress \(owner).")
        }
        if let uncertain = own.uncertainSince {
            lines.append("  UNCERTAIN: lines that may concern \(name) are missing from \(place(uncertain)) on.")
        }
        if let since = own.since {
            lines.append("  Since \(place(since.moment)).")
            lines += reasons(since)
            if let before = own.before { lines.append("  Before that, the owner was Ingress \(before).") }
        } else if let known = own.knownAt {
            lines.append("  Since \(place(known)) or earlier; the log does not contain the cause.")
        }
        if let routes = own.routesChanged {
            lines.append("  Its routes last changed with \(place(routes.moment)).")
            lines += reasons(routes)
        }
        if let until {
            let next = until.owner.map { "Ingress \($0) became the owner" } ?? "the host was removed"
            lines.append("  Until \(place(until.moment)): then \(next).")
        }
        if let quarantined = history.quarantine[owner] {
            lines.append(
                "  Quarantined since \(quarantined.since): served in its last good state, because nginx rejects")
            lines.append("  the current one: \(quarantined.error)")
        }
        lines += claims(own) + certificate(own)
        return lines
    }

    private var notServed: [String] {
        var lines = ["Not served: no Ingress owned \(host.candidates.joined(separator: ", nor "))."]
        for name in host.candidates {
            guard let own = history.names[name], let since = own.since else { continue }
            lines.append(
                "  \(name) was last served until \(place(since.moment))"
                    + (own.before.map { ", for Ingress \($0)." } ?? "."))
            lines += reasons(since)
        }
        return lines
    }

    private func claims(_ own: NameHistory) -> [String] {
        guard let claimants = own.claimants else { return ["The log does not contain other claims of the host."] }
        guard !claimants.isEmpty else { return ["No other Ingress claimed it."] }
        let since = own.claimantsChanged.map { ", since \(place($0))" } ?? ""
        let more = own.moreClaimants > 0 ? " and \(own.moreClaimants) more" : ""
        return [
            "Also claimed by Ingress \(claimants.joined(separator: ", "))\(more)\(since); the oldest Ingress owns it."
        ]
    }

    private func certificate(_ own: NameHistory) -> [String] {
        var lines: [String] = []
        if let certificate = own.certificate {
            let version = certificate.version.map { " version \($0)" } ?? ""
            lines.append(
                "Certificate \(certificate.sha256) from \(certificate.source)\(version), valid until \(certificate.notAfter)."
            )
            if let since = own.certificateSince { lines.append("  Served since \(place(since.moment)).") }
        } else {
            lines.append(
                own.isCertificateKnown ? "It had no certificate." : "The log does not contain its certificate.")
        }
        if let trouble = own.trouble {
            lines.append(
                "  The certificate was \(trouble.report.state) since \(trouble.time): \(trouble.report.problem ?? "") \(trouble.report.reason ?? "")"
            )
        }
        return lines
    }

    private func reasons(_ change: NameHistory.Change) -> [String] {
        if change.isCauseCertain { return change.causes.map { "  Because \($0.sentence)." } }
        guard !change.causes.isEmpty else { return ["  The log does not contain the cause."] }
        return ["  The causes of that reload: " + change.causes.listed(5) { $0.sentence } + "."]
    }

    private var failures: [String] {
        guard let last = history.failures.last else { return [] }
        let count = history.failures.count
        return [
            "Later changes were not applied: \(count) unsuccessful attempt\(count == 1 ? "" : "s"), the last with \(place(last.moment)): \(last.result): \(last.error)"
        ]
    }

    /// `generation 42 (2026-01-31T03:12:45.123Z)`.
    private func place(_ moment: Moment) -> String {
        moment.generation.map { "generation \($0) (\(moment.time))" } ?? "\(moment.time)"
    }
}
