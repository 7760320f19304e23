internal import NginxConfig
internal import Routing

extension Router.Result {
    /// Closes the hosts whose htpasswd file is not available, and rejects the annotation of their Ingresses. A host
    /// that requires a password is never served without it.
    func protected(by reports: [HtpasswdReport]) -> Router.Result {
        let bySource = Dictionary(reports.map { ($0.request.subject, $0) }) { first, _ in first }
        var result = self
        var problems: [Rejection] = []
        for (index, host) in table.hosts.enumerated() {
            guard let source = host.settings.basicAuth?.source else { continue }
            let report = bySource[source]
            if report?.stored == nil { result.table.hosts[index].settings.basicAuth = .nobody }
            guard let explanation = report?.explanation else { continue }
            let problem = Rejection(
                source: host.owner, field: Annotation.basicAuth.field, value: source.text,
                reason: .invalidRule, explanation: explanation)
            // One rejection for all hosts of an Ingress.
            if !problems.contains(problem) { problems.append(problem) }
        }
        result.rejections = (rejections + problems).enumerated()
            .sorted { ($0.element.source, $0.offset) < ($1.element.source, $1.offset) }.map(\.element)
        return result
    }
}

extension HtpasswdReport {
    /// The explanation for the owner of a host; nil if the owner cannot do anything about it.
    fileprivate var explanation: String? {
        switch state {
        case .ready: skipped
        case .pending(nil): nil
        case .stale(_, let problem):
            problem.kind == .unavailable ? skipped : "\(problem.text); the last good htpasswd file stays in use"
        // A constant text: Vault's message may differ at each attempt, and each would be a new Event.
        case .pending:
            "\(request.subject.secret == nil ? "Vault" : "the API server") is unavailable or denies access; the hosts answer 503 until the file is read"
        case .rejected(let problem): "\(problem.text); the hosts answer 503 until it is corrected"
        }
    }

    /// About the lines that are left out of the file in use.
    private var skipped: String? {
        guard let lines = stored?.skippedLines, let first = lines.first else { return nil }
        let place = lines.count == 1 ? "line \(first)" : "\(lines.count) lines, the first of which is line \(first)"
        return
            "htpasswd, \(place): the hash takes too long to check, so the account cannot log in; use bcrypt with a cost up "
            + "to 10, or SHA-512 or SHA-256 crypt with up to 20000 rounds"
    }
}
