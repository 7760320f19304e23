/// Checks the numbers of the lines of a log, per pod: which lines are missing, which numbers occur twice, and which
/// lines have none although they should.
///
/// A `start` record begins a new count. Lines before the first one of a pod are not missing: its older files may be
/// deleted. A line that arrives late, as log collectors deliver it, is not missing either.
public struct SequenceCheck: Sendable {
    public enum Finding: Sendable, Equatable {
        /// The line has the next number, or fills a gap.
        case regular
        /// Lines before this one are missing.
        case afterGap
        /// An earlier line has the same number.
        case repeated
        /// The line has no number, but earlier lines of its pod have one: another program has written it.
        case foreign
    }

    /// The maximum number of findings and of gaps that are kept, for a log that is damaged everywhere.
    static let maximum = 1000

    fileprivate struct Gap {
        var numbers: ClosedRange<Int>
        var before: Timestamp
    }

    fileprivate struct Pod {
        var next = 1
        var isNumbered = false
        var gaps: [Gap] = []
        var repeated: (numbers: ClosedRange<Int>, at: Timestamp)?
        var unnumbered = 0
        var foreign = 0
    }

    private var pods: [String: Pod] = [:]
    /// The findings of earlier runs.
    private var ended: [String: [String]] = [:]

    public init() {}

    public mutating func read(_ line: AuditLine) -> Finding {
        var pod = pods.removeValue(forKey: line.pod) ?? Pod()
        defer { pods[line.pod] = pod }
        guard let sequence = line.sequence else {
            if pod.isNumbered { pod.foreign += 1 } else { pod.unnumbered += 1 }
            return pod.isNumbered ? .foreign : .regular
        }
        if case .start = line.record, pod.isNumbered {
            close(&pod, line.pod)
            pod.next = sequence
        }
        if !pod.isNumbered { (pod.isNumbered, pod.next) = (true, sequence) }
        switch sequence {
        case pod.next:
            pod.next = Self.following(sequence)
            return .regular
        case pod.next...:
            if pod.gaps.count < Self.maximum {
                pod.gaps.append(Gap(numbers: pod.next...(sequence - 1), before: line.time))
            }
            pod.next = Self.following(sequence)
            return .afterGap
        default:
            if pod.fill(sequence) { return .regular }
            note(sequence, line, &pod)
            return .repeated
        }
    }

    /// Sentences about missing and repeated numbers, and lines without a number; sorted by pod.
    public var findings: [String] {
        let isNumbered = pods.values.contains(where: \.isNumbered)
        return pods.sorted { $0.key < $1.key }.flatMap { name, pod in
            var texts = (ended[name] ?? []) + pod.sentences(name)
            if pod.foreign > 0 { texts.append("pod \(name): skipped \(Self.lines(pod.foreign)) without a number") }
            // A log of version 0.1.0 alone has no numbers.
            if isNumbered, !pod.isNumbered {
                texts.append(
                    "pod \(name): \(Self.lines(pod.unnumbered)) without a number, as version 0.1.0 writes them")
            }
            return texts
        }
    }

    /// Ends a run: its findings stay, and a new count begins.
    private mutating func close(_ pod: inout Pod, _ name: String) {
        let texts = pod.sentences(name)
        if !texts.isEmpty { ended[name, default: []] = Array(((ended[name] ?? []) + texts).prefix(Self.maximum)) }
        (pod.gaps, pod.repeated) = ([], nil)
    }

    private mutating func note(_ sequence: Int, _ line: AuditLine, _ pod: inout Pod) {
        if let last = pod.repeated, sequence == Self.following(last.numbers.upperBound) {
            pod.repeated?.numbers = last.numbers.lowerBound...sequence
            return
        }
        if let last = pod.repeated, (ended[line.pod]?.count ?? 0) < Self.maximum {
            ended[line.pod, default: []].append(Pod.sentence(line.pod, last))
        }
        pod.repeated = (sequence...sequence, line.time)
    }

    /// Bounded: a number from a file may have any value.
    private static func following(_ number: Int) -> Int { number == .max ? number : number + 1 }

    private static func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
}

extension SequenceCheck.Pod {
    /// Removes a number from the gaps.
    /// - Returns: false if it is in none.
    fileprivate mutating func fill(_ number: Int) -> Bool {
        guard let index = gaps.firstIndex(where: { $0.numbers.contains(number) }) else { return false }
        let gap = gaps.remove(at: index)
        var rest: [SequenceCheck.Gap] = []
        if gap.numbers.lowerBound < number {
            rest.append(.init(numbers: gap.numbers.lowerBound...(number - 1), before: gap.before))
        }
        if number < gap.numbers.upperBound {
            rest.append(.init(numbers: (number + 1)...gap.numbers.upperBound, before: gap.before))
        }
        gaps.insert(contentsOf: rest, at: index)
        return true
    }

    fileprivate func sentences(_ name: String) -> [String] {
        gaps.map { gap in
            let isOne = gap.numbers.count == 1
            return
                "pod \(name): \(isOne ? "line" : "lines") \(Self.text(gap.numbers)) \(isOne ? "is" : "are") missing before \(gap.before)"
        } + (repeated.map { [Self.sentence(name, $0)] } ?? [])
    }

    fileprivate static func sentence(
        _ name: String, _ repeated: (numbers: ClosedRange<Int>, at: Timestamp)
    ) -> String {
        let isOne = repeated.numbers.count == 1
        return
            "pod \(name): \(isOne ? "number" : "numbers") \(text(repeated.numbers)) \(isOne ? "occurs" : "occur") again at \(repeated.at)"
    }

    private static func text(_ numbers: ClosedRange<Int>) -> String {
        numbers.count == 1 ? "\(numbers.lowerBound)" : "\(numbers.lowerBound) to \(numbers.upperBound)"
    }
}
