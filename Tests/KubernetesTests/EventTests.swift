import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite("Events")
struct EventTests {
    private func event(
        _ name: String = "web", uid: String = "u1", reason: String = "Synced", message: String = "serving a",
        host: String = "one"
    ) -> Event {
        Event(
            regarding: Event.Regarding(
                apiVersion: "networking.k8s.io/v1", kind: .ingress, key: ObjectKey(namespace: "shop", name: name),
                uid: uid),
            severity: .normal, reason: reason, message: message, time: Date(timeIntervalSince1970: 0), host: host)
    }

    @Test("equal Events have equal names on every replica; different Events have different names")
    func names() {
        let key = event().key
        #expect(key.namespace == "shop")
        #expect(key.name.wholeMatch(of: #/web\.[0-9a-f]{1,16}/#) != nil)
        #expect(event(host: "two").key == key)
        for other in [event(uid: "u2"), event(reason: "HostConflict"), event(message: "serving b")] {
            #expect(other.key != key)
        }
    }

    @Test("a name has at most 253 characters, and none of its labels ends with '-'")
    func longNames() {
        let name = event(String(repeating: "a", count: 235) + "-" + String(repeating: "b", count: 17)).key.name
        #expect(name.utf8.count <= 253)
        #expect(name.hasPrefix(String(repeating: "a", count: 235) + "."))
    }

    @Test("the occurrences are read by an empty patch; an expired Event has none")
    func occurrence() async throws {
        try await FakeAPIServer.run { path, _ in
            path.contains("/events/known")
                ? .init(
                    body: #"{"metadata":{"resourceVersion":"7"},"count":3,"lastTimestamp":"1970-01-01T00:01:00Z"}"#)
                : .init(status: 404)
        } body: { server in
            let client = KubernetesClient(
                credentials: ClusterCredentials(server: server.url), http: HTTPClient(), logger: .quiet)
            let found = try await client.occurrence(of: ObjectKey(namespace: "shop", name: "known"))
            #expect(found == EventOccurrence(count: 3, last: Date(60), resourceVersion: "7"))
            #expect(try await client.occurrence(of: ObjectKey(namespace: "shop", name: "unknown")) == nil)
            #expect(
                server.requests.first == "PATCH /api/v1/namespaces/shop/events/known?fieldManager=vault-ingress ")
        }
    }
}
