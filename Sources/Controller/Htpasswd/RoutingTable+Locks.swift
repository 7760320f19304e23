internal import Routing

extension RoutingTable {
    /// The lists of users that hosts are locked with, each once.
    var htpasswdRequests: [HtpasswdRequest] {
        Set(hosts.compactMap(\.settings.basicAuth?.users)).sorted().map(HtpasswdRequest.init)
    }
}

extension Router.Result {
    /// Closes the hosts whose users are not known, and tells their owners why. Never are they open.
    func locked(_ reports: [HtpasswdReport]) -> Router.Result {
        let byPath = Dictionary(reports.map { ($0.request.subject, $0) }) { first, _ in first }
        var result = self
        var problems: [Rejection] = []
        for (index, host) in table.hosts.enumerated() {
            guard let path = host.settings.basicAuth?.users else { continue }
            let report = byPath[path]
            if report?.kept == nil { result.table.hosts[index].settings.basicAuth = .nobody }
            guard let explanation = report?.explanation else { continue }
            let problem = Rejection(
                source: host.owner, field: Annotation.basicAuth.field, value: path.text,
                reason: .invalidRule, explanation: explanation)
            // One for all hosts of an Ingress.
            if !problems.contains(problem) { problems.append(problem) }
        }
        result.rejections = (rejections + problems).enumerated()
            .sorted { ($0.element.source, $0.offset) < ($1.element.source, $1.offset) }.map(\.element)
        return result
    }
}

extension HtpasswdReport {
    /// What the owner of a host has to know; nil where there is nothing that they could do about it.
    fileprivate var explanation: String? {
        switch state {
        case .ready, .pending(nil): nil
        case .stale(_, let problem):
            problem.kind == .unavailable ? nil : "\(problem.text); the users that were read last stay"
        // In Vault's own words, each try would be another fact.
        case .pending: "Vault cannot be asked for the users, or refuses to give them; the hosts answer 503"
        case .refused(let problem): "\(problem.text); the hosts answer 503"
        }
    }
}
