import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct ReflectorMachineTests {
    typealias Machine = ReflectorMachine<Ingress>

    /// The requests of the machine before the inputs, which are a second apart, and after each of them.
    private func requests(_ inputs: Machine.Input...) -> [String] {
        var machine = Machine()
        var requests = [summary(machine)]
        for (second, input) in inputs.enumerated() {
            machine = machine.step(input, now: .seconds(second), random: 0.5).next
            requests.append(summary(machine))
        }
        return requests
    }

    private func summary(_ machine: Machine) -> String {
        switch machine.request(random: 0) {
        case .list(let list):
            [
                "list", list.resourceVersion.isEmpty ? nil : "from \(list.resourceVersion)",
                list.limit.map { "limit \($0)" }, list.continuing.map { "after \($0)" },
            ].compactMap(\.self).joined(separator: " ")
        case .watch(let watch): "watch from \(watch.resourceVersion)"
        case .wait(let duration): "wait \(duration)"
        }
    }

    private func page(_ version: String, _ names: String..., next: String? = nil) -> Machine.Input {
        .page(ObjectList(resourceVersion: version, next: next, items: names.map { .object(ingress($0)) }))
    }

    private func rejected(_ code: Int, _ reason: String = "", message: String = "", after: Duration? = nil)
        -> Machine.Input
    {
        .failed(
            KubernetesError(.rejected(Status(code: code, reason: reason, message: message)), message, retryAfter: after)
        )
    }

    private let expired = Machine.Input.event(.error(Status(code: 410, reason: "Expired")))
    private let lost = Machine.Input.failed(KubernetesError(.unreachable, "connection lost"))

    @Test("the first list is from version 0 in pages of 500, then the watch begins at the list's version")
    func first() {
        #expect(requests(page("7", "a")) == ["list from 0 limit 500", "watch from 7"])
    }

    @Test("further pages are requested by the continue token without a version, and the cache is replaced once")
    func pages() {
        var machine = Machine().step(page("7", "a", next: "p2"), now: .zero, random: 0)
        #expect(summary(machine.next) == "list limit 500 after p2")
        #expect(machine.effect == nil)
        machine = machine.next.step(page("7", "b"), now: .zero, random: 0)
        guard case .replace(let list) = machine.effect else {
            Issue.record("not replaced: \(String(describing: machine.effect))")
            return
        }
        #expect(list.objects.map(\.metadata.name) == ["a", "b"])
    }

    @Test("an object of a list that cannot be decoded keeps its state")
    func undecodable() {
        func list(_ name: String, next: String?) -> ReflectorMachine<Ingress>.Input {
            .page(
                ObjectList(
                    resourceVersion: "5", next: next,
                    items: [
                        .object(ingress("a\(name)")),
                        .undecodable(
                            .init(
                                key: ObjectKey(namespace: "shop", name: name), resourceVersion: "3", problem: "spec")),
                    ]))
        }
        var machine = ReflectorMachine<Ingress>().step(list("x", next: "p2"), now: .zero, random: 0)
        machine = machine.next.step(list("y", next: nil), now: .zero, random: 0)
        guard case .replace(let result) = machine.effect else {
            Issue.record("not replaced: \(String(describing: machine.effect))")
            return
        }
        #expect(result.objects.map(\.metadata.name) == ["ax", "ay"])
        #expect(result.undecodable.map(\.name).sorted() == ["x", "y"])
    }

    @Test("410 on a later page leads to one full list without limit")
    func latePage() {
        #expect(
            requests(page("7", "a", next: "p2"), rejected(410), page("8", "a"))
                == ["list from 0 limit 500", "list limit 500 after p2", "list from 0", "watch from 8"])
    }

    @Test("every event updates the version, including bookmarks and undecodable objects")
    func versions() {
        let broken = DecodedObject<Ingress>.Undecodable(
            key: ObjectKey(namespace: "x", name: "y"), resourceVersion: "11", problem: "")
        #expect(
            requests(
                page("7"), .event(.upsert(ingress("a", version: "8"))),
                .event(.delete(ingress("a", version: "9").metadata)), .event(.bookmark(resourceVersion: "10")),
                .event(.undecodable(broken)), .event(.unknown(type: "NEW"))
            ).dropFirst(2) == ["watch from 8", "watch from 9", "watch from 10", "watch from 11", "watch from 11"])
    }

    @Test("a bookmark does not change the cache, an event does")
    func effects() {
        let watching = Machine().step(page("7"), now: .zero, random: 0).next
        func effect(_ event: WatchEvent<Ingress>) -> String {
            switch watching.step(.event(event), now: .zero, random: 0).effect {
            case .upsert(let object): "upsert \(object.metadata.name)"
            case .delete(let last): "delete \(last.name)"
            case .replace: "replace"
            case nil: "nothing"
            }
        }
        #expect(effect(.bookmark(resourceVersion: "9")) == "nothing")
        #expect(effect(.upsert(ingress("a"))) == "upsert a")
        #expect(effect(.delete(ingress("a").metadata)) == "delete a")
    }

    @Test("an expired watch lists again: first from the last version, then the newest, then with backoff")
    func expiry() {
        #expect(
            requests(page("7"), expired, page("8"), expired, page("9"), expired, .waited, page("10")).dropFirst(2) == [
                "list from 7 limit 500", "watch from 8", "list limit 500", "watch from 9", "wait 0.4 seconds",
                "list limit 500", "watch from 10",
            ])
    }

    @Test("410 as the HTTP status of a watch is handled like 410 in the stream")
    func expiredStatus() {
        #expect(requests(page("7"), rejected(410)).last == "list from 7 limit 500")
    }

    @Test("an event after a list resets the count of expired watches")
    func expiryAfterEvent() {
        #expect(
            requests(page("7"), expired, page("8"), .event(.bookmark(resourceVersion: "9")), expired).last
                == "list from 9 limit 500")
    }

    @Test(
        "a list whose version is expired or too large is repeated at once for the newest version",
        arguments: [
            Status(code: 410, reason: "Gone"), Status(code: 504, causes: ["ResourceVersionTooLarge"]),
            Status(code: 500, message: "Too large resource version: 9, current: 1"),
        ])
    func listFromNewest(status: Status) {
        #expect(
            requests(page("7"), expired, .failed(KubernetesError(.rejected(status), "")))
                .last == "list limit 500")
    }

    @Test("a watch from a version that the server does not have yet lists again at once")
    func tooLargeWatch() {
        #expect(
            requests(page("7"), rejected(504, message: "Too large resource version: 7, current: 1")).last
                == "list limit 500")
    }

    @Test("a stream that ends regularly is followed by a watch from the last version, without a list")
    func cleanEnd() {
        #expect(requests(page("7"), .ended(after: .seconds(300), events: 0)).last == "watch from 7")
        #expect(requests(page("7"), .ended(after: .milliseconds(10), events: 1)).last == "watch from 7")
    }

    @Test("a stream that ends within a second without an event is a failure")
    func earlyEnd() {
        #expect(
            requests(page("7"), .ended(after: .milliseconds(999), events: 0), .waited).suffix(2) == [
                "wait 0.4 seconds", "watch from 7",
            ])
    }

    @Test("a rejected or lost watch is retried with backoff, without a list")
    func rejection() {
        #expect(
            requests(page("7"), rejected(429), .waited, lost, .waited, rejected(500), .waited).dropFirst(2) == [
                "wait 0.4 seconds", "watch from 7", "wait 0.8 seconds", "watch from 7", "wait 1.6 seconds",
                "watch from 7",
            ])
    }

    @Test("a rejected list is retried with backoff, from the same page")
    func rejectedList() {
        #expect(
            requests(lost, .waited, page("7", next: "p2"), rejected(503), .waited) == [
                "list from 0 limit 500", "wait 0.4 seconds", "list from 0 limit 500", "list limit 500 after p2",
                "wait 0.8 seconds", "list limit 500 after p2",
            ])
    }

    @Test("Retry-After is the minimum wait")
    func retryAfter() {
        #expect(requests(page("7"), rejected(429, after: .seconds(9))).last == "wait 9.0 seconds")
        let event = Machine.Input.event(.error(Status(code: 429, retryAfterSeconds: 5)))
        #expect(requests(page("7"), event).last == "wait 5.0 seconds")
    }

    @Test("the timeout of a watch is spread over 300 to 600 s", arguments: [(0, 300), (0.5, 450), (0.999999, 600)])
    func timeout(random: Double, seconds: Int) {
        #expect(WatchRequest(resourceVersion: "1", random: random).timeoutSeconds == seconds)
    }
}
