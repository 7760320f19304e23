import Foundation
import Kubernetes
import KubernetesAPI
import Synchronization
import Testing

@testable import Controller

/// An API server that keeps Events, and answers the next requests as a test says.
private final class ScriptedEvents: EventAPI {
    struct State {
        var stored: [ObjectKey: EventOccurrence] = [:]
        var errors: [KubernetesError] = []
        var requests: [String] = []
    }

    let state: Mutex<State>

    init(_ stored: [ObjectKey: EventOccurrence] = [:], errors: [KubernetesError] = []) {
        state = Mutex(State(stored: stored, errors: errors))
    }

    var requests: [String] { state.withLock { $0.requests } }
    func count(_ key: ObjectKey) -> Int? { state.withLock { $0.stored[key]?.count } }

    private func request<Value: Sendable>(
        _ name: String, _ answer: (inout State) -> Result<Value, KubernetesError>
    ) throws(KubernetesError) -> Value {
        try state.withLock { state -> Result<Value, KubernetesError> in
            state.requests.append(name)
            return state.errors.isEmpty ? answer(&state) : .failure(state.errors.removeFirst())
        }.get()
    }

    func create(_ event: Event) async throws(KubernetesError) {
        try request("create") { state -> Result<Void, KubernetesError> in
            guard state.stored[event.key] == nil else { return .failure(refused(409)) }
            state.stored[event.key] = EventOccurrence(count: 1, last: event.time, resourceVersion: "1")
            return .success(())
        }
    }

    func occurrence(of event: ObjectKey) async throws(KubernetesError) -> EventOccurrence? {
        try request("look") { .success($0.stored[event]) }
    }

    func countUp(_ event: ObjectKey, after last: EventOccurrence, time: Date) async throws(KubernetesError) {
        try request("count") { state -> Result<Void, KubernetesError> in
            state.stored[event] = EventOccurrence(count: last.count + 1, last: time, resourceVersion: "2")
            return .success(())
        }
    }
}

private func refused(_ code: Int, retryAfter: Duration? = nil) -> KubernetesError {
    KubernetesError(.rejected(Status(code: code)), "\(code)", retryAfter: retryAfter)
}

@Suite("Telling an Event")
struct EventDeliveryTests {
    private let noon = Date(timeIntervalSince1970: 1_000_000)

    private var event: Event {
        Event(
            regarding: Event.Regarding(
                apiVersion: "networking.k8s.io/v1", kind: .ingress, key: ObjectKey(namespace: "shop", name: "web"),
                uid: "u"),
            severity: .normal, reason: "Synced", message: "serving a", time: noon, host: "one")
    }

    private func api(told seconds: Double?) -> ScriptedEvents {
        ScriptedEvents(
            seconds.map { [event.key: EventOccurrence(count: 1, last: noon + $0, resourceVersion: "1")] } ?? [:])
    }

    @Test(
        "told already, it is counted up only when it was told before the fact came back",
        arguments: [
            // When it was told, when the fact began, both against noon; what is asked, and the count in the end.
            (nil, -9, ["create"], 1),
            (-99, nil, ["create"], 1),
            (-10, -9, ["create", "look", "count"], 2),
            (-9, -9, ["create", "look"], 1),
            // The server keeps whole seconds.
            (-9, -8.5, ["create", "look"], 1),
            (-5, -9, ["create", "look"], 1),
        ] as [(Double?, Double?, [String], Int)])
    func recurrence(told: Double?, began: Double?, requests: [String], count: Int) async {
        let api = api(told: told)
        let outcome = await EventDelivery(api: api).tell(event, began: began.map { noon + $0 } ?? .distantPast)
        #expect(outcome == .told)
        #expect(api.requests == requests)
        #expect(api.count(event.key) == count)
    }

    @Test("one that the server forgets between two requests is created")
    func forgotten() async {
        let api = ScriptedEvents(errors: [refused(409)])
        #expect(await EventDelivery(api: api).tell(event, began: noon) == .told)
        #expect(api.requests == ["create", "look", "create"])
    }

    @Test(
        "what the server will never take is dropped, what it may take later is not",
        arguments: [
            (409, "told"), (400, "dropped"), (403, "dropped"), (404, "dropped"), (413, "dropped"), (422, "dropped"),
            (401, "failed"), (429, "failed"), (500, "failed"), (503, "failed"), (504, "failed"),
        ])
    func refusals(code: Int, expected: String) async {
        let outcome = EventDelivery.outcome(of: refused(code, retryAfter: .seconds(3)))
        switch outcome {
        case .told: #expect(expected == "told")
        case .dropped(let error): #expect(expected == "dropped" && error.status?.code == code)
        case .failed(let error): #expect(expected == "failed" && error.retryAfter == .seconds(3))
        }
        // Of the request that asks, too.
        let api = ScriptedEvents(errors: [refused(409), refused(code)])
        let second = await EventDelivery(api: api).tell(event, began: noon)
        if code != 409 { #expect("\(second)".hasPrefix(expected)) }
    }

    @Test("without an answer it may have been told: the next try finds out")
    func lostAnswer() async {
        let api = api(told: nil)
        let delivery = EventDelivery(api: api)
        #expect(
            EventDelivery.outcome(of: KubernetesError(.unreachable, "cut"))
                == .failed(KubernetesError(.unreachable, "cut")))
        #expect(await delivery.tell(event, began: noon) == .told)
        #expect(await delivery.tell(event, began: noon) == .told)
        #expect(api.count(event.key) == 1)
    }
}
