/// Explains from the log how a host was served at a time: its owner, since when and why, other claims, and its
/// certificate.
public struct Explainer: Sendable {
    /// The history of a pod after the requested time.
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

    /// - Parameter time: the requested time; nil for the end of the log.
    public init(_ host: HostNames, at time: Timestamp?) {
        self.host = host
        self.time = time
    }

    /// Reads a line. All lines must be read, in the order of the log.
    public mutating func read(_ line: AuditLine) {
        first = first ?? line.time
        if let time, line.time > time { return readLater(line) }
        var history = pods.removeValue(forKey: line.pod) ?? PodHistory(host.candidates, first: line.time)
        history.read(line)
        pods[line.pod] = history
    }

    /// Notes that a line is missing here.
    ///
    /// - Parameter pod: its pod; nil for a damaged line, whose pod and time are unknown.
    public mutating func missLine(of pod: String?) {
        func isConcerned(_ name: String) -> Bool { pod == nil || pod == name }
        for name in pods.keys.sorted() where nexts[name] == nil && isConcerned(name) { pods[name]?.missLine() }
        for name in nexts.keys.sorted() where isConcerned(name) { nexts[name]?.history.missLine() }
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

    /// - Returns: the explanation in sentences, and whether the log contains the host.
    public func explanation() -> (text: String, isKnown: Bool) {
        let when = time.map { "at \($0)" } ?? "at the end of the log"
        guard let first else { return ("The log is empty.\n", false) }
        guard !pods.isEmpty else {
            return ("\(host.host) \(when): the log begins later, at \(first).\n", false)
        }
        // Pods that have stopped are omitted if others run.
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
        case notServed
        /// The log does not contain this name, so the owner of the host is unknown.
        case unknown(name: String)
    }

    /// The first match in nginx's order: the host itself, the wildcard, the catch-all.
    func answer(_ host: HostNames) -> Answer {
        for name in host.candidates {
            switch names[name]?.standing {
            case .served(let owner): return .served(name: name, owner: owner)
            case .absent: continue
            case .unknown, nil: return .unknown(name: name)
            }
        }
        return .notServed
    }

    var isDown: Bool {
        if case .down = process { true } else { false }
    }
}
