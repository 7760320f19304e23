import Basics
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct ObjectCacheTests {
    let cache = ObjectCache()

    private func changes() -> [String] {
        cache.take().changes.map { "\($0.verb) \($0.key.name)@\($0.resourceVersion)" }
    }

    @Test("an object that a list names but that cannot be decoded keeps its last state; others are deleted")
    func keeping() {
        let cache = ObjectCache()
        cache.replace(with: [ingress("a"), ingress("b"), ingress("c")])
        _ = cache.take()
        cache.replace(
            with: [ingress("a")],
            keeping: [ObjectKey(namespace: "shop", name: "b"), ObjectKey(namespace: "shop", name: "unknown")])
        let (snapshot, changes) = cache.take()
        #expect(snapshot.ingresses.keys.map(\.name).sorted() == ["a", "b"])
        #expect(changes.map { "\($0.verb) \($0.key.name)" } == ["deleted c"])
    }

    @Test("a list replaces all objects, and absent objects are deleted")
    func replace() {
        cache.replace(with: [ingress("a"), ingress("b")])
        #expect(changes() == ["added a@1", "added b@1"])
        cache.replace(with: [ingress("b", version: "2", labels: ["ssl": "true"]), ingress("c")])
        #expect(changes() == ["deleted a@1", "modified b@2", "added c@1"])
        cache.replace(with: [ingress("b", version: "2", labels: ["ssl": "true"]), ingress("c")])
        #expect(changes() == [])
    }

    @Test("a kind is synced after its list, even an empty one")
    func synced() {
        cache.replace(with: [Ingress]())
        cache.replace(with: [IngressClass]())
        cache.upsert(Service(metadata: ObjectMeta(name: "s")))
        #expect(!cache.isSynced)
        cache.replace(with: [Service]())
        #expect(cache.isSynced)
    }

    @Test(
        "changes of one object between two takes are merged",
        arguments: [
            (["add", "delete"], []), (["add", "modify"], ["added x@2"]), (["add", "modify", "delete"], []),
            (["add", "take", "modify", "delete"], ["deleted x@3"]),
            (["add", "take", "delete", "add"], ["modified x@1"]),
            (["add", "take", "modify", "modify again"], ["modified x@4"]),
            (["add", "take", "delete", "add", "delete"], ["deleted x@3"]),
            (["delete"], []),
        ])
    func merge(steps: [String], expected: [String]) {
        for step in steps {
            switch step {
            case "add": cache.upsert(ingress("x"))
            case "modify": cache.upsert(ingress("x", version: "2", labels: ["a": "1"]))
            case "modify again": cache.upsert(ingress("x", version: "4", labels: ["a": "2"]))
            case "delete": cache.delete(Ingress.self, ingress("x", version: "3").metadata)
            default: _ = cache.take()
            }
        }
        #expect(changes() == expected)
    }

    private func service(_ name: String, version: String = "1", type: String = "ClusterIP") -> Service {
        Service(metadata: ObjectMeta(name: name, namespace: "shop", resourceVersion: version), type: type)
    }

    @Test("changes of Services that are not in use are stored, but do not wake the consumer")
    func unused() {
        let (used, unused) = (ObjectKey(namespace: "shop", name: "used"), ObjectKey(namespace: "shop", name: "unused"))
        cache.replace(with: [service("used"), service("unused")])
        #expect(changes() == ["added unused@1", "added used@1"], "all are reported until the use is known")
        cache.want(services: [used])
        cache.upsert(service("unused", version: "2", type: "NodePort"))
        #expect(cache.pendingSince == nil)
        #expect(cache.pending.namespaces.isEmpty)
        #expect(cache.snapshot.services[unused]?.metadata.resourceVersion == "2")
        cache.upsert(service("used", version: "3", type: "NodePort"))
        #expect(cache.pending.namespaces == ["shop"])
        #expect(changes() == ["modified used@3"])
        // Only the consumer knows that an absent Service is in use.
        cache.delete(Service.self, service("unused").metadata)
        cache.delete(Service.self, service("used", version: "4").metadata)
        #expect(changes() == ["deleted used@4"])
        cache.upsert(service("used", version: "5"))
        #expect(changes() == ["added used@5"])
    }

    @Test(
        "a Service that changes between a take and the moment it is in use is reported: the consumer has an older state",
        arguments: [
            (["modify"], ["modified x@2"]), (["delete"], ["deleted x@1"]), (["delete", "add"], ["modified x@1"]),
            (["modify", "take"], []), (["delete", "use nothing"], []),
        ])
    func becomesUsed(steps: [String], expected: [String]) {
        cache.upsert(service("x"))
        _ = cache.take()
        cache.want(services: [])
        for step in steps {
            switch step {
            case "modify": cache.upsert(service("x", version: "2", type: "NodePort"))
            case "delete": cache.delete(Service.self, service("x").metadata)
            case "add": cache.upsert(service("x", type: "NodePort"))
            case "use nothing": cache.want(services: [ObjectKey(namespace: "shop", name: "y")])
            default: _ = cache.take()
            }
        }
        if !steps.contains("use nothing") { cache.want(services: [ObjectKey(namespace: "shop", name: "x")]) }
        #expect(changes() == expected)
    }

    @Test("a write that changes no field that this program reads is not a change")
    func statusWrite() {
        cache.upsert(ingress("x", lastWriter: "kubectl"))
        _ = cache.take()
        cache.upsert(ingress("x", version: "2", lastWriter: "kubectl"))
        let (snapshot, changes) = cache.take()
        #expect(changes == [])
        #expect(snapshot.ingresses[ObjectKey(namespace: "shop", name: "x")]?.metadata.resourceVersion == "2")
    }

    @Test("a change names its last writer")
    func writer() {
        cache.upsert(ingress("x", lastWriter: "helm"))
        #expect(cache.take().changes.first?.lastWriter?.manager == "helm")
    }

    @Test("writes signal the consumer, and several writes share one signal")
    func signal() async {
        cache.upsert(ingress("x"))
        cache.upsert(ingress("y"))
        await cache.changed.wait()
        #expect(cache.take().changes.count == 2)
    }
}
