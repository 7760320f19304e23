import Testing

@testable import Controller

@Suite("Pace of each namespace")
struct NamespacePacesTests {
    private let start = ContinuousClock.now
    private let pause = Duration.seconds(1)

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// A pass for one namespace.
    /// - Returns: the namespaces that are slowed down by it.
    @discardableResult
    private func pass(_ paces: inout NamespacePaces, _ namespace: String, from: Int, to: Int) -> [String] {
        paces.begin([namespace])
        return paces.end(from: at(from), to: at(to), pause: pause)
    }

    @Test("a change of a quiet namespace is due at once, also while another namespace has to wait")
    func quiet() {
        var paces = NamespacePaces()
        pass(&paces, "busy", from: 0, to: 900)
        #expect(paces.due(["busy"], at: at(1000)) == at(1900))
        #expect(paces.due(["busy", "quiet"], at: at(1100)) == at(1100))
        #expect(paces.due([], at: at(1100)) == nil)
    }

    @Test("the pause of a namespace that keeps changing doubles, up to four times the length of a pass")
    func continuous() {
        var paces = NamespacePaces()
        var now = 0
        var pauses: [Int] = []
        for _ in 0..<5 {
            pass(&paces, "busy", from: now, to: now + 900)
            now += 900
            let due = paces.due(["busy"], at: at(now)) ?? start
            let wait = due - at(now)
            pauses.append(Int(wait / .milliseconds(1)))
            now += pauses.last ?? 0
        }
        #expect(pauses == [1000, 2000, 3600, 3600, 3600])
    }

    @Test("only the first longer pause is reported")
    func reported() {
        var paces = NamespacePaces()
        var reports: [[String]] = []
        for round in 0..<4 {
            reports.append(pass(&paces, "busy", from: round * 10_000, to: round * 10_000 + 2000))
            _ = paces.due(["busy"], at: at(round * 10_000 + 2000))
        }
        #expect(reports == [[], ["busy"], [], []])
    }

    @Test("short passes cost others nothing: the pause is that of the loop")
    func short() {
        var paces = NamespacePaces()
        for round in 0..<5 {
            pass(&paces, "busy", from: round * 2000, to: round * 2000 + 50)
            #expect(paces.due(["busy"], at: at(round * 2000 + 100)) == at(round * 2000 + 1050))
        }
    }

    @Test("no pause is longer than 30 s, however long a pass takes")
    func longest() {
        var paces = NamespacePaces()
        var now = 0
        for _ in 0..<10 {
            pass(&paces, "busy", from: now, to: now + 120_000)
            now += 120_000
            #expect(paces.due(["busy"], at: at(now)).map { $0 - at(now) <= .seconds(30) } == true)
        }
        #expect(paces.due(["busy"], at: at(now)) == at(now + 30_000))
    }

    @Test("a namespace whose changes did not have to wait starts again")
    func pauses() {
        var paces = NamespacePaces()
        for round in 0..<3 {
            pass(&paces, "busy", from: round * 5000, to: round * 5000 + 900)
            _ = paces.due(["busy"], at: at(round * 5000 + 900))
        }
        #expect(paces.due(["busy"], at: at(10_900)) == at(14_500))
        pass(&paces, "busy", from: 14_500, to: 15_400)
        pass(&paces, "busy", from: 60_000, to: 60_900)
        #expect(paces.due(["busy"], at: at(61_000)) == at(61_900))
    }

    @Test("changes that arrive during a pass of their namespace are due after its pause, and count as continuous")
    func during() {
        var paces = NamespacePaces()
        paces.begin(["busy"])
        #expect(paces.due(["busy"], at: at(100)) == nil)
        #expect(paces.due(["busy", "quiet"], at: at(100)) == at(100))
        _ = paces.end(from: at(0), to: at(900), pause: pause)
        #expect(paces.due(["busy"], at: at(900)) == at(1900))
        pass(&paces, "busy", from: 1900, to: 2800)
        #expect(paces.due(["busy"], at: at(2900)) == at(4800))
    }

    @Test("the loop is woken once before a pass, and only for what is due")
    func once() {
        var paces = NamespacePaces()
        #expect(paces.next([], isUrgent: false, at: at(0)) == nil)
        #expect(paces.next(["a"], isUrgent: false, at: at(0)) == at(0))
        #expect(paces.next(["a", "b"], isUrgent: true, at: at(100)) == nil)
        paces.prepare()
        paces.begin(["a", "b"])
        #expect(paces.next(["a"], isUrgent: false, at: at(200)) == nil)
        _ = paces.end(from: at(100), to: at(1000), pause: pause)
        #expect(paces.next(["a"], isUrgent: false, at: at(1000)) == at(2000), "not due: the next call may return it")
        #expect(paces.next(["a"], isUrgent: true, at: at(1000)) == at(1000))
        // The loop has decided not to begin a pass.
        paces.prepare()
        #expect(paces.next(["a", "quiet"], isUrgent: false, at: at(1100)) == at(1100))
    }

    @Test("objects without a namespace never wait")
    func classes() {
        var paces = NamespacePaces()
        paces.begin([""])
        #expect(paces.due([""], at: at(100)) == at(100))
        _ = paces.end(from: at(0), to: at(900), pause: pause)
        #expect(paces.due([""], at: at(1000)) == at(1000))
    }

    @Test("namespaces that are quiet again are forgotten, also those whose changes were undone")
    func forgotten() {
        var paces = NamespacePaces()
        for number in 0..<1000 { pass(&paces, "n\(number)", from: number * 2000, to: number * 2000 + 900) }
        #expect(paces.count == 1)
        _ = paces.due(["n999"], at: at(1_999_000))
        pass(&paces, "other", from: 2_040_000, to: 2_040_900)
        #expect(paces.count == 1)
    }
}
