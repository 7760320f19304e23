internal import Kubernetes
internal import KubernetesAPI
internal import Routing

extension Condition {
    /// What a turn tells about each Ingress of ours. Each message says what it is about and no more than that, so that
    /// an edit that does not touch the fact does not make it another one.
    static func list(of turn: LivePass) -> Set<Condition> {
        let uids = Dictionary(turn.routed.ingresses.map { ($0.ref, $0.metadata.uid) }) { first, _ in first }
        var facts: Set<Condition> = []
        for (owner, hosts) in Dictionary(grouping: turn.routed.table.hosts, by: \.owner) {
            guard let uid = uids[owner] else { continue }
            if let words = turn.quarantined[owner] {
                facts.insert(
                    Condition(
                        owner, uid: uid, .quarantined,
                        "nginx refuses what it asks for: \(words); its hosts are served as they last were, or answer 503"
                    ))
            } else {
                facts.insert(Condition(owner, uid: uid, .synced, serving(hosts.map(\.host).sorted())))
            }
        }
        for rejection in turn.routed.rejections {
            guard let uid = uids[rejection.source] else { continue }
            facts.insert(Condition(uid: uid, rejection))
        }
        for report in turn.certificates {
            guard let owner = report.owner, let uid = uids[owner], case .host(let host) = report.subject,
                let fact = Condition(owner, uid: uid, host: host, report)
            else { continue }
            facts.insert(fact)
        }
        return facts
    }

    private init(uid: String, _ rejection: Rejection) {
        switch rejection.reason {
        case .hostConflict(let owner):
            self.init(
                rejection.source, uid: uid, .hostConflict,
                "\(name(rejection.value)) belongs to \(owner.qualified), the oldest that names it; "
                    + "this one serves nothing on it")
        case .invalidRule:
            self.init(rejection.source, uid: uid, .invalidRule, rejection.detail)
        case .serviceNotFound:
            // One for all paths that lead there.
            var rejection = rejection
            if let path = rejection.field.firstRange(of: "].backend.") {
                rejection.field = String(rejection.field[path.upperBound...])
            }
            self.init(rejection.source, uid: uid, .serviceNotFound, rejection.detail)
        }
    }

    /// Nil where there is nothing that its owner could do about it.
    private init?(_ owner: OwnerRef, uid: String, host: Host, _ report: CertificateReport) {
        guard let problem = report.state.problem else { return nil }
        let consequence =
            switch (report.state, report.certificate) {
            case (.stale, let certificate?):
                "the last good one, valid until \(certificate.expiry), goes on being served"
            default: "handshakes for it are refused"
            }
        switch problem.kind {
        case .missing:
            self.init(owner, uid: uid, .certificateMissing, "\(name(host.name)): \(problem.text); \(consequence)")
        case .invalid:
            self.init(owner, uid: uid, .certificateInvalid, "\(name(host.name)): \(problem.text); \(consequence)")
        case .unavailable:
            // What is served goes on being served, and Vault or the API server is the operator's affair.
            guard case .pending = report.state, report.certificate == nil else { return nil }
            // In its own words, each try would be a fact of its own.
            let place = report.request.secret.map { "the API server cannot be asked for Secret \($0)" }
            self.init(
                owner, uid: uid, .certificateUnavailable,
                "\(name(host.name)): \(place ?? "Vault cannot be asked for its certificate"), or refuses to give it; \(consequence)"
            )
        }
    }

    /// As many as fit.
    private static func serving(_ hosts: [Host]) -> String {
        var text = "serving \(hosts.first.map { name($0.name) } ?? "nothing")"
        for (index, host) in hosts.enumerated().dropFirst() {
            guard text.utf8.count < 700 else { return text + " and \(hosts.count - index) more" }
            text += ", \(name(host.name))"
        }
        return text
    }
}

/// - Parameter host: as written in an Ingress.
private func name(_ host: String) -> String { host.isEmpty ? "every host that nobody names" : host }
