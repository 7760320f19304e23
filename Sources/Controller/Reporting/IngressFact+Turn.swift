internal import Kubernetes
internal import Routing

extension IngressFact {
    /// What a turn tells about each Ingress of ours. Each message says what it is about and no more than that, so that
    /// an edit that does not touch the fact does not make it another one.
    static func list(of turn: LiveTurn) -> Set<IngressFact> {
        let ours = Dictionary(turn.routed.ingresses.map { ($0.key, $0.metadata) }) { first, _ in first }
        var facts: Set<IngressFact> = []
        for (owner, hosts) in Dictionary(grouping: turn.routed.table.hosts, by: \.owner) {
            guard let ingress = ours[owner] else { continue }
            if let words = turn.quarantined[owner] {
                facts.insert(
                    IngressFact(
                        ingress: ingress, .quarantined,
                        "nginx refuses what it asks for: \(words); its hosts are served as they last were, or answer 503"
                    ))
            } else {
                facts.insert(IngressFact(ingress: ingress, .synced, serving(hosts.map(\.host).sorted())))
            }
        }
        for rejection in turn.routed.rejections {
            guard let ingress = ours[rejection.ingress] else { continue }
            facts.insert(IngressFact(ingress: ingress, rejection))
        }
        for report in turn.certificates {
            guard let owner = report.owner, let ingress = ours[owner], case .host(let host) = report.subject,
                let fact = IngressFact(ingress: ingress, host: host, report)
            else { continue }
            facts.insert(fact)
        }
        return facts
    }

    private init(ingress: ObjectMeta, _ rejection: Rejection) {
        switch rejection.reason {
        case .hostConflict(let owner):
            self.init(
                ingress: ingress, .hostConflict,
                "\(name(rejection.value)) belongs to Ingress \(owner), the oldest that names it; "
                    + "this one serves nothing on it")
        case .invalidRule:
            self.init(ingress: ingress, .invalidRule, rejection.detail)
        case .serviceNotFound:
            // One for all paths that lead there.
            var rejection = rejection
            if let path = rejection.field.firstRange(of: "].backend.") {
                rejection.field = String(rejection.field[path.upperBound...])
            }
            self.init(ingress: ingress, .serviceNotFound, rejection.detail)
        }
    }

    /// Nil where there is nothing that its owner could do about it.
    private init?(ingress: ObjectMeta, host: Host, _ report: CertificateReport) {
        guard let problem = report.state.problem else { return nil }
        let consequence =
            switch (report.state, report.certificate) {
            case (.stale, let certificate?):
                "the last good one, valid until \(certificate.expiry), goes on being served"
            default: "handshakes for it are refused"
            }
        switch problem.kind {
        case .missing:
            self.init(ingress: ingress, .certificateMissing, "\(name(host.name)): \(problem.text); \(consequence)")
        case .invalid:
            self.init(ingress: ingress, .certificateInvalid, "\(name(host.name)): \(problem.text); \(consequence)")
        case .unavailable:
            // What is served goes on being served, and Vault or the API server is the operator's affair.
            guard case .pending = report.state, report.certificate == nil else { return nil }
            // In its own words, each try would be a fact of its own.
            let place = report.request.secret.map { "the API server cannot be asked for Secret \($0)" }
            self.init(
                ingress: ingress, .certificateUnavailable,
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
