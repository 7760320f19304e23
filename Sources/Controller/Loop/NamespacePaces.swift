/// When the changes of each namespace are due. Pure: time is passed in.
///
/// A namespace that changes continuously would otherwise keep the loop in a pass or in the interval after it, and the
/// change of another namespace would wait for both. So the changes of a namespace wait while they keep coming: first for
/// the pause that the loop makes anyway, then for twice as long each time, until passes for this namespace take a fifth
/// of the time. A change of a namespace that was quiet is due at once.
struct NamespacePaces {
    fileprivate struct Pace {
        var pause: Duration
        var due: ContinuousClock.Instant
        /// A change has arrived before it was due.
        var hasWaited: Bool
    }

    /// Pauses are not longer than this, however long a pass takes.
    static let longestPause = Duration.seconds(30)

    private var paces: [String: Pace] = [:]
    /// The namespaces whose changes the current pass has taken.
    private var inPass: Set<String> = []
    /// Those of them that have changed again since.
    private var changedInPass: Set<String> = []

    /// A pass is to begin and has not: a second signal would make the one after it begin too early.
    private var isSignalled = false

    /// The number of namespaces that have to wait.
    var count: Int { paces.count }

    /// Decides whether the loop is to be woken.
    ///
    /// - Parameters:
    ///   - namespaces: those with changes that no pass has taken.
    ///   - isUrgent: there is something else that must not wait.
    /// - Returns: when the loop is to be woken; now at most once before a pass, and nil until then.
    mutating func next(
        _ namespaces: Set<String>, isUrgent: Bool, at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        let first = due(namespaces, at: now)
        guard !isSignalled, let due = isUrgent ? now : first else { return nil }
        isSignalled = due <= now
        return due
    }

    /// The loop is about to begin a pass, or has decided not to.
    mutating func prepare() { isSignalled = false }

    /// - Parameter namespaces: those with changes that no pass has taken.
    /// - Returns: when the first of these changes is due; nil if they all wait for the end of the pass.
    mutating func due(_ namespaces: Set<String>, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var first: ContinuousClock.Instant?
        for namespace in namespaces {
            if inPass.contains(namespace) {
                changedInPass.insert(namespace)
                continue
            }
            let due = max(now, paces[namespace]?.due ?? now)
            if due > now { paces[namespace]?.hasWaited = true }
            first = min(first ?? due, due)
        }
        return first
    }

    /// A pass has taken the changes of these namespaces, due or not.
    mutating func begin(_ namespaces: some Sequence<String>) {
        // Classes have no namespace, and every namespace depends on them.
        inPass.formUnion(namespaces.filter { !$0.isEmpty })
    }

    /// The pass has ended.
    ///
    /// - Parameters:
    ///   - began: when it began.
    ///   - pause: the pause that the loop makes after it.
    /// - Returns: the namespaces whose pause is now longer than that and was not before, sorted.
    mutating func end(
        from began: ContinuousClock.Instant, to now: ContinuousClock.Instant, pause: Duration
    ) -> [String] {
        let longest = max(pause, min(Self.longestPause, began.duration(to: now) * 4))
        var slowed: [String] = []
        for namespace in inPass {
            var own = pause
            if let last = paces[namespace], last.hasWaited {
                own = min(longest, max(pause, last.pause * 2))
                if own > pause, last.pause <= pause { slowed.append(namespace) }
            }
            paces[namespace] = Pace(
                pause: own, due: now + own, hasWaited: changedInPass.contains(namespace))
        }
        inPass = []
        changedInPass = []
        paces = paces.filter { $0.value.isNeeded(at: now) }
        return slowed.sorted()
    }
}

extension NamespacePaces.Pace {
    /// A change that waits may also have been undone, and then no pass takes it.
    fileprivate func isNeeded(at now: ContinuousClock.Instant) -> Bool {
        due + (hasWaited ? NamespacePaces.longestPause : .zero) > now
    }
}
