/// Reads the log and tells of one host at one time: who served it, since when and why, who else claimed it, and with
/// which certificate.
public struct Explainer: Sendable {
    /// What became of it after the time that was asked for.
    private struct Next: Sendable {
        var history: PodHistory
        var end: Moment?
        var owner: String?
    }

    private let host: HostNames
    private let time: Timestamp?
    private var pods: [String: PodHistory] = [:]
    private var nexts: [String: Next] = [:]
    private var first: Timestamp?

    /// - Parameter time: nil for the end of the log.
    public init(_ host: HostNames, at time: Timestamp?) {
        self.host = host
        self.time = time
    }

    /// To be called with every line, in the order of the log.
    public mutating func read(_ line: AuditLine) {
        first = first ?? line.time
        if let time, line.time > time { return readLater(line) }
        var history = pods.removeValue(forKey: line.pod) ?? PodHistory(host.candidates, first: line.time)
        history.read(line)
        pods[line.pod] = history
    }

    /// To be called in the place of a line that is damaged: whose it was, and of when, is not known.
    public mutating func missLine() {
        for pod in pods.keys.sorted() where nexts[pod] == nil { pods[pod]?.missLine() }
        for pod in nexts.keys.sorted() { nexts[pod]?.history.missLine() }
    }

    private mutating func readLater(_ line: AuditLine) {
        guard let then = pods[line.pod], nexts[line.pod]?.end == nil else { return }
        var next = nexts.removeValue(forKey: line.pod) ?? Next(history: then)
        next.history.read(line)
        let (before, after) = (then.answer(host), next.history.answer(host))
        if before != after, case .served(_, let owner) = before {
            next.end = Moment(time: line.time, generation: next.history.generation)
            if case .served(_, let later) = after, later != owner { next.owner = later }
        }
        nexts[line.pod] = next
    }

    /// - Returns: sentences for a person, and whether the log knows the host at all.
    public func explanation() -> (text: String, isKnown: Bool) {
        let when = time.map { "at \($0)" } ?? "at the end of the log"
        guard let first else { return ("The log is empty.\n", false) }
        guard !pods.isEmpty else {
            return ("\(host.host) \(when): the log begins later, at \(first).\n", false)
        }
        // A pod that ended says little where others, or its successors, run.
        let running = pods.filter { !$0.value.isDown }
        var texts: [String] = []
        var isKnown = false
        for (pod, history) in (running.isEmpty ? pods : running).sorted(by: { $0.key < $1.key }) {
            let answer = PodAnswer(
                host: host, pod: pod, when: when, history: history,
                until: nexts[pod].flatMap { next in next.end.map { ($0, next.owner) } })
            texts.append(answer.text)
            isKnown = isKnown || answer.isKnown
        }
        return (
            texts.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
                .map { String($0).printable }.joined(separator: "\n"), isKnown
        )
    }
}

extension PodHistory {
    enum Answer: Equatable {
        case served(name: String, owner: String)
        case nobody
        /// The log does not tell of this name, so it cannot be told who served the host.
        case unknown(name: String)
    }

    /// As nginx looks: the host itself, then the wildcard, then the catch-all.
    func answer(_ host: HostNames) -> Answer {
        for name in host.candidates {
            switch names[name]?.standing {
            case .served(let owner): return .served(name: name, owner: owner)
            case .absent: continue
            case .unknown, nil: return .unknown(name: name)
            }
        }
        return .nobody
    }

    var isDown: Bool {
        if case .down = process { true } else { false }
    }
}
