import Basics
import Foundation
import Synchronization
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite("Sudden loss of objects")
struct DisappearanceTests {
    /// A clock that only the test moves.
    private final class ManualClock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func advance(seconds: Int) { instant.withLock { $0 += .seconds(seconds) } }
    }

    private let clock = ManualClock()
    private let cache: ObjectCache

    init() { cache = Self.cache(clock, grace: .seconds(30)) }

    private static func cache(_ clock: ManualClock, grace: Duration) -> ObjectCache {
        ObjectCache(policy: DisappearancePolicy(grace: grace, controller: "ours"), now: { clock.now })
    }

    private func ingressClass(_ name: String, _ controller: String = "ours") -> IngressClass {
        IngressClass(metadata: ObjectMeta(name: name, resourceVersion: "1"), controller: controller)
    }

    /// The changes since the last call, such as `deleted Ingress shop/a`.
    private func changes() -> [String] { cache.take().changes.map { "\($0.verb) \($0.kind.rawValue) \($0.key)" } }

    private var ingresses: [String] { cache.snapshot.ingresses.keys.map(\.name).sorted() }

    /// `Ingress 2 in 30`, or with the name of a class.
    private var lost: [String] {
        cache.disappearances.map {
            let left = Int(clock.now.duration(to: $0.until) / .seconds(1))
            return "\($0.kind.rawValue) \($0.name ?? "\($0.objects)") in \(left)"
        }
    }

    @Test("an empty list after one with objects keeps them for the grace period, then they are deleted")
    func emptyList() {
        cache.replace(with: [ingress("a"), ingress("b")])
        _ = changes()
        cache.replace(with: [Ingress]())
        clock.advance(seconds: 10)
        // A second empty list does not start the time again.
        cache.replace(with: [Ingress]())
        #expect(changes() == [])
        #expect(ingresses == ["a", "b"])
        #expect(lost == ["Ingress 2 in 20"])
        #expect(cache.nextExpiry == clock.now + .seconds(20))
        clock.advance(seconds: 20)
        #expect(changes() == ["deleted Ingress shop/a", "deleted Ingress shop/b"])
        #expect(ingresses == [])
        #expect(lost == [])
        #expect(cache.nextExpiry == nil)
    }

    @Test("meanwhile, objects that return, change or are deleted take effect at once")
    func meanwhile() {
        cache.replace(with: [ingress("a"), ingress("b"), ingress("c")])
        cache.replace(with: [Ingress]())
        _ = changes()
        cache.upsert(ingress("a", version: "2", labels: ["ssl": "true"]))
        cache.upsert(ingress("new"))
        cache.delete(Ingress.self, ingress("b").metadata)
        #expect(changes() == ["modified Ingress shop/a", "deleted Ingress shop/b", "added Ingress shop/new"])
        #expect(lost == ["Ingress 1 in 30"])
        // A list that has some of them again ends nothing early.
        cache.replace(with: [ingress("a", version: "2", labels: ["ssl": "true"])])
        #expect(changes() == ["deleted Ingress shop/new"])
        #expect(ingresses == ["a", "c"])
        cache.upsert(ingress("c"))
        #expect(lost == [])
        clock.advance(seconds: 60)
        #expect(changes() == [])
        #expect(ingresses == ["a", "c"])
    }

    @Test("the deletion of the last object by a watch event is immediate, and so is a shorter list")
    func deletion() {
        cache.replace(with: [ingress("a"), ingress("b")])
        cache.replace(with: [ingress("a")])
        #expect(ingresses == ["a"])
        cache.delete(Ingress.self, ingress("a").metadata)
        #expect(ingresses == [])
        #expect(lost == [])
    }

    @Test("each kind is kept by itself, and EndpointSlices only for Services whose pods are used")
    func kinds() {
        let slices = ["web", "old"].map { service in
            EndpointSlice(
                metadata: ObjectMeta(
                    name: service, namespace: "shop", labels: [EndpointSlice.serviceLabel: service]),
                addressType: "IPv4")
        }
        cache.want(endpointsOf: [ObjectKey(namespace: "shop", name: "web")])
        cache.replace(with: slices)
        cache.replace(with: [Service(metadata: ObjectMeta(name: "web", namespace: "shop"))])
        cache.replace(with: [EndpointSlice]())
        clock.advance(seconds: 1)
        cache.replace(with: [Service]())
        #expect(lost == ["EndpointSlice 1 in 29", "Service 1 in 30"])
        #expect(cache.snapshot.endpointSlices.keys.map(\.name) == ["web"])
        cache.clear(EndpointSlice.self)
        #expect(lost == ["Service 1 in 30"])
        #expect(cache.snapshot.endpointSlices.isEmpty)
    }

    @Test(
        "a class that is deleted, absent from a list or given to another controller is kept for the grace period",
        arguments: ["delete", "list", "empty", "edit"])
    func classes(way: String) {
        cache.replace(with: [ingressClass("a"), ingressClass("b", "other")])
        _ = changes()
        switch way {
        case "delete": cache.delete(IngressClass.self, ingressClass("a").metadata)
        case "list": cache.replace(with: [ingressClass("b", "other")])
        case "empty": cache.replace(with: [IngressClass]())
        default: cache.upsert(ingressClass("a", "other"))
        }
        let key = ObjectKey(namespace: "", name: "a")
        #expect(cache.snapshot.ingressClasses[key]?.controller == "ours")
        #expect(lost == ["IngressClass a in 30"])
        #expect(changes() == (way == "empty" ? ["deleted IngressClass b"] : []))
        clock.advance(seconds: 30)
        #expect(changes() == [way == "edit" ? "modified IngressClass a" : "deleted IngressClass a"])
        #expect(cache.snapshot.ingressClasses[key]?.controller == (way == "edit" ? "other" : nil))
        #expect(lost == [])
    }

    @Test("a class that returns in time has no effect, and one of another controller disappears at once")
    func classReturns() {
        cache.replace(with: [ingressClass("a"), ingressClass("b", "other")])
        _ = changes()
        cache.delete(IngressClass.self, ingressClass("a").metadata)
        cache.upsert(ingressClass("a"))
        #expect(lost == [])
        cache.delete(IngressClass.self, ingressClass("b").metadata)
        #expect(changes() == ["deleted IngressClass b"])
        clock.advance(seconds: 60)
        #expect(changes() == [])
        // A class that becomes ours is used at once.
        cache.upsert(ingressClass("c", "other"))
        cache.upsert(ingressClass("c"))
        #expect(cache.snapshot.ingressClasses[ObjectKey(namespace: "", name: "c")]?.controller == "ours")
    }

    @Test("a class that is missing at the start is kept like one that disappears, and is no change")
    func missingAtStart() {
        cache.replace(with: [ingressClass("b", "other")])
        _ = changes()
        cache.keepMissing(classes: ["a", "b"])
        #expect(changes() == [])
        #expect(lost == ["IngressClass a in 30"])
        let key = ObjectKey(namespace: "", name: "a")
        #expect(cache.snapshot.ingressClasses[key]?.controller == "ours")
        clock.advance(seconds: 30)
        #expect(changes() == ["deleted IngressClass a"])
        #expect(cache.snapshot.ingressClasses[key] == nil)
    }

    @Test("a folder of manifests that becomes empty is kept, and a deleted file is not")
    func manifests() {
        cache.replace(with: Snapshot(ingresses: [ingress("a"), ingress("b")], ingressClasses: [ingressClass("x")]))
        cache.replace(with: Snapshot(ingressClasses: [ingressClass("x")]))
        #expect(ingresses == [])
        #expect(lost == [])
        cache.replace(with: Snapshot(ingresses: [ingress("a")], ingressClasses: [ingressClass("x")]))
        cache.replace(with: Snapshot())
        #expect(ingresses == ["a"])
        #expect(lost == ["Ingress 1 in 30", "IngressClass x in 30"])
    }

    @Test("a grace period of zero turns it off")
    func off() {
        let cache = Self.cache(clock, grace: .zero)
        cache.replace(with: [ingress("a")])
        cache.replace(with: [ingressClass("a")])
        cache.replace(with: [Ingress]())
        cache.delete(IngressClass.self, ingressClass("a").metadata)
        #expect(cache.snapshot == Snapshot())
        #expect(cache.disappearances == [])
    }

    @Test("a loss wakes the consumer, which has to wait for its end")
    func signal() async {
        cache.replace(with: [ingress("a")])
        _ = cache.take()
        await cache.changed.wait()
        cache.replace(with: [Ingress]())
        await cache.changed.wait()
    }
}
