import Logging
import Synchronization
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

/// Answers lists and watches from a script. After its end, a watch stays open.
private final class ScriptedServer: ListWatch {
    enum Answer {
        case page(ObjectList<Ingress>)
        case events([WatchEvent<Ingress>])
        case failure(KubernetesError)
    }

    private let script: Mutex<[Answer]>
    let requests = Mutex<[String]>([])

    init(_ script: [Answer]) { self.script = Mutex(script) }

    private func next() -> Answer? { script.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func list(_ request: ListRequest) async throws(KubernetesError) -> ObjectList<Ingress> {
        requests.withLock { $0.append("list \(request.resourceVersion)") }
        switch next() {
        case .page(let page): return page
        case .failure(let error): throw error
        default: throw KubernetesError(.unreadable, "not in the script")
        }
    }

    func watch(
        _ request: WatchRequest, _ receive: (WatchEvent<Ingress>) -> Bool
    ) async throws(KubernetesError) {
        requests.withLock { $0.append("watch \(request.resourceVersion)") }
        switch next() {
        case .events(let events):
            for event in events where !receive(event) { return }
        case .failure(let error):
            throw error
        default:
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw KubernetesError(.cancelled, "") }
        }
    }
}

/// A clock that sleeping advances without waiting.
private struct SkippingClock: Clock {
    typealias Instant = ContinuousClock.Instant

    final class Shared: Sendable {
        let now = Mutex(ContinuousClock.now)
        let sleeps = Mutex<[Duration]>([])
    }

    let shared = Shared()
    var now: Instant { shared.now.withLock { $0 } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let present = now
        shared.sleeps.withLock { $0.append(present.duration(to: deadline)) }
        shared.now.withLock { $0 = deadline }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ReflectorTests {
    private let cache = ObjectCache(kinds: [.ingress])

    /// Runs until the cache holds these objects and all requests of the script have been made.
    private func run(
        _ server: ScriptedServer, clock: SkippingClock = SkippingClock(), until names: [String], requests: Int
    ) async {
        let reflector = Reflector(source: server, cache: cache, clock: clock, random: { 0.5 }, logger: .quiet)
        await withTaskGroup { group in
            group.addTask { await reflector.run() }
            while cache.take().snapshot.ingresses.keys.map(\.name).sorted() != names
                || server.requests.withLock({ $0.count }) < requests
            {
                await Task.yield()
            }
            group.cancelAll()
        }
    }

    private func page(_ version: String, _ names: String..., next: String? = nil) -> ScriptedServer.Answer {
        .page(ObjectList(resourceVersion: version, next: next, items: names.map { .object(ingress($0)) }))
    }

    @Test("list, watch, cut, expiry and relist lose no change")
    func story() async {
        let clock = SkippingClock()
        let server = ScriptedServer([
            page("10", "a", next: "more"), page("10", "b"),
            .events([.upsert(ingress("c", version: "11")), .delete(ingress("a", version: "12").metadata)]),
            .failure(KubernetesError(.unreachable, "connection lost")),
            .events([.upsert(ingress("d", version: "13")), .error(Status(code: 410, reason: "Expired"))]),
            .failure(KubernetesError(.rejected(Status(code: 410)), "gone")),
            page("20", "d", "e"),
        ])
        await run(server, clock: clock, until: ["d", "e"], requests: 8)
        #expect(
            server.requests.withLock { $0 } == [
                "list 0", "list ", "watch 10", "watch 12", "watch 12", "list 13", "list ", "watch 20",
            ])
        #expect(clock.shared.sleeps.withLock { $0 } == [.milliseconds(400)])
        #expect(cache.isSynced)
    }

    @Test("a rejected list (403, 404) is no empty list, but an empty list after an expired watch is a loss")
    func rejectedList() async {
        let cache = ObjectCache(
            kinds: [.ingress], policy: DisappearancePolicy(grace: .seconds(3600), controller: "ours"))
        let expired = ScriptedServer.Answer.failure(KubernetesError(.rejected(Status(code: 410)), "gone"))
        func rejected(_ code: Int) -> ScriptedServer.Answer {
            .failure(KubernetesError(.rejected(Status(code: code)), "rejected"))
        }
        let server = ScriptedServer([
            page("10", "a"), expired, rejected(403), rejected(404), page("20", "a"), rejected(403), expired, page("30"),
        ])
        let reflector = Reflector(
            source: server, cache: cache, clock: SkippingClock(), random: { 0.5 }, logger: .quiet)
        await withTaskGroup { group in
            group.addTask { await reflector.run() }
            while server.requests.withLock({ $0.count }) < 9 {
                if server.requests.withLock({ $0.count }) == 7 { #expect(cache.disappearances == []) }
                await Task.yield()
            }
            group.cancelAll()
        }
        #expect(cache.snapshot.ingresses.keys.map(\.name) == ["a"])
        #expect(cache.disappearances.map(\.objects) == [1])
    }

    @Test("a kind is not synced before the last page was processed")
    func synced() async {
        let server = ScriptedServer([
            page("10", "a", next: "more"), .failure(KubernetesError(.unreachable, "lost")), page("10", "b"),
        ])
        let reflector = Reflector(
            source: server, cache: cache, clock: ContinuousClock(), random: { 0.5 }, logger: .quiet)
        await withTaskGroup { group in
            group.addTask { await reflector.run() }
            while server.requests.withLock({ $0.count }) < 2 { await Task.yield() }
            #expect(!cache.isSynced)
            while !cache.isSynced { await Task.yield() }
            #expect(cache.take().snapshot.ingresses.count == 2)
            group.cancelAll()
        }
    }

    @Test("cancellation interrupts a wait")
    func cancelledWait() async {
        let server = ScriptedServer([.failure(KubernetesError(.unreachable, "", retryAfter: .seconds(3600)))])
        let reflector = Reflector(
            source: server, cache: cache, clock: ContinuousClock(), random: { 0.5 }, logger: .quiet)
        let start = ContinuousClock.now
        await withTaskGroup { group in
            group.addTask { await reflector.run() }
            while server.requests.withLock({ $0.isEmpty }) { await Task.yield() }
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
