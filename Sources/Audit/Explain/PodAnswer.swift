/// The words of an explanation, for one pod.
struct PodAnswer {
    let host: HostNames
    let pod: String
    let when: String
    let history: PodHistory
    /// When another, or nobody, had it next.
    let until: (moment: Moment, owner: String?)?

    /// Whether the log has anything to say of the host.
    var isKnown: Bool {
        switch history.answer(host) {
        case .served: true
        case .unknown: false
        // It was served once.
        case .nobody: host.candidates.contains { history.names[$0]?.since != nil }
        }
    }

    var text: String {
        var lines = ["\(host.host) \(when), pod \(pod)", ""]
        if case .down(let since, let why) = history.process {
            lines.append("Nothing was served: \(why), at \(since). Before that:")
        }
        switch history.answer(host) {
        case .served(let name, let owner): lines += served(name, owner)
        case .nobody: lines += nobody
        case .unknown(let name):
            lines.append("The log does not tell who had \(name): it does not reach back far enough.")
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
            lines.append("Nobody claimed \(host.host) itself. \(name) answered, for Ingress \(owner).")
        }
        if let uncertain = own.uncertainSince {
            lines.append("  NOT CERTAIN: from \(place(uncertain)) on, lines that may tell of \(name) are missing.")
        }
        if let since = own.since {
            lines.append("  Since \(place(since.moment)).")
            lines += reasons(since)
            if let before = own.before { lines.append("  Before that it was Ingress \(before)'s.") }
        } else if let known = own.knownAt {
            lines.append("  Since \(place(known)) or earlier; how it came to that is not in the log.")
        }
        if let routes = own.routesChanged {
            lines.append("  Its routes were last changed \(place(routes.moment, preposition: "with")).")
            lines += reasons(routes)
        }
        if let until {
            let next = until.owner.map { "Ingress \($0) had it" } ?? "that ended"
            lines.append("  Until \(place(until.moment)): then \(next).")
        }
        if let held = history.quarantine[owner] {
            lines.append("  In quarantine since \(held.since), and served as it last was good: nginx refuses the")
            lines.append("  Ingress as it is: \(held.error)")
        }
        lines += claims(own) + certificate(own)
        return lines
    }

    private var nobody: [String] {
        var lines = ["Nobody served it: no Ingress had \(host.candidates.joined(separator: ", nor "))."]
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
        guard let claimants = own.claimants else { return ["Whether others claimed it is not in the log."] }
        guard !claimants.isEmpty else { return ["Nobody else claimed it."] }
        let since = own.claimantsChanged.map { ", since \(place($0))" } ?? ""
        let more = own.moreClaimants > 0 ? " and \(own.moreClaimants) more" : ""
        return [
            "Also claimed by Ingress \(claimants.joined(separator: ", "))\(more)\(since): it belongs to the oldest."
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
                own.isCertificateKnown ? "It had no certificate." : "Which certificate it had is not in the log.")
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
        guard !change.causes.isEmpty else { return ["  Which change caused that is not in the log."] }
        return ["  The changes were: " + change.causes.listed(5) { $0.sentence } + "."]
    }

    private var failures: [String] {
        guard let last = history.failures.last else { return [] }
        let count = history.failures.count
        return [
            "Changes that came after that were not served: \(count) attempt\(count == 1 ? "" : "s") went wrong, the last \(place(last.moment, preposition: "with")): \(last.result): \(last.error)"
        ]
    }

    /// `generation 42 (2026-01-31T03:12:45.123Z)`.
    private func place(_ moment: Moment, preposition: String? = nil) -> String {
        let generation = moment.generation.map { "generation \($0) (\(moment.time))" } ?? "\(moment.time)"
        return (preposition.map { "\($0) " } ?? "") + generation
    }
}
