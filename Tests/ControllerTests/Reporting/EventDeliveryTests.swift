import Foundation
import Kubernetes
import KubernetesAPI
import Synchronization
import Testing

@testable import Controller

/// An API server that stores Events, and answers the next requests with the errors of a test.
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
            guard state.stored[event.key] == nil else { return .failure(rejected(409)) }
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

private func rejected(_ code: Int, retryAfter: Duration? = nil) -> KubernetesError {
    KubernetesError(.rejected(Status(code: code)), "\(code)", retryAfter: retryAfter)
}

@Suite("Sending an Event")
struct EventDeliveryTests {
    private let noon = Date(timeIntervalSince1970: 1_000_000)

    private var event: Event {
        Event(
            regarding: Event.Regarding(
                apiVersion: "networking.k8s.io/v1", kind: .ingress, key: ObjectKey(namespace: "shop", name: "web"),
                uid: "u"),
            severity: .normal, reason: "Synced", message: "serving a", time: noon, host: "one")
    }

    private func api(sent seconds: Double?) -> ScriptedEvents {
        ScriptedEvents(
            seconds.map { [event.key: EventOccurrence(count: 1, last: noon + $0, resourceVersion: "1")] } ?? [:])
    }

    @Test(
        "the count of a stored Event increases only if the Event is older than the recurrence of its condition",
        arguments: [
            // When the Event was sent, when the condition began, both relative to noon; the requests, and the final
            // count.
            (nil, -9, ["create"], 1),
            (-99, nil, ["create"], 1),
            (-10, -9, ["create", "look", "count"], 2),
            (-9, -9, ["create", "look"], 1),
            // The server stores whole seconds.
            (-9, -8.5, ["create", "look"], 1),
            (-5, -9, ["create", "look"], 1),
        ] as [(Double?, Double?, [String], Int)])
    func recurrence(sent: Double?, began: Double?, requests: [String], count: Int) async {
        let api = api(sent: sent)
        let outcome = await EventDelivery(api: api).send(event, began: began.map { noon + $0 } ?? .distantPast)
        #expect(outcome == .sent)
        #expect(api.requests == requests)
        #expect(api.count(event.key) == count)
    }

    @Test("an Event that the server deletes between two requests is created")
    func forgotten() async {
        let api = ScriptedEvents(errors: [rejected(409)])
        #expect(await EventDelivery(api: api).send(event, began: noon) == .sent)
        #expect(api.requests == ["create", "look", "create"])
    }

    @Test(
        "an Event that the server will never accept is dropped, one that it may accept later is not",
        arguments: [
            (409, "sent"), (400, "dropped"), (403, "dropped"), (404, "dropped"), (413, "dropped"), (422, "dropped"),
            (401, "failed"), (429, "failed"), (500, "failed"), (503, "failed"), (504, "failed"),
        ])
    func outcomes(code: Int, expected: String) async {
        let outcome = EventDelivery.outcome(of: rejected(code, retryAfter: .seconds(3)))
        switch outcome {
        case .sent: #expect(expected == "sent")
        case .dropped(let error): #expect(expected == "dropped" && error.status?.code == code)
        case .failed(let error): #expect(expected == "failed" && error.retryAfter == .seconds(3))
        }
        // The same for the request that reads the stored Event.
        let api = ScriptedEvents(errors: [rejected(409), rejected(code)])
        let second = await EventDelivery(api: api).send(event, began: noon)
        if code != 409 { #expect("\(second)".hasPrefix(expected)) }
    }

    @Test("a lost answer does not store the Event twice")
    func lostAnswer() async {
        let api = api(sent: nil)
        let delivery = EventDelivery(api: api)
        #expect(
            EventDelivery.outcome(of: KubernetesError(.unreachable, "cut"))
                == .failed(KubernetesError(.unreachable, "cut")))
        #expect(await delivery.send(event, began: noon) == .sent)
        #expect(await delivery.send(event, began: noon) == .sent)
        #expect(api.count(event.key) == 1)
    }
}
