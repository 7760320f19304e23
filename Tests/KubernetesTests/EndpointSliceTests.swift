import Basics
import HTTPClient
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite(.timeLimit(.minutes(1))) struct EndpointSliceTests {
    @Test("v1 and v1beta1 are read alike, and unknown fields are ignored")
    func versions() throws {
        let v1: EndpointSlice = try decode(
            """
            {"metadata":{"name":"web-x","namespace":"shop","labels":{"kubernetes.io/service-name":"web","app":"web"},
               "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-31T03:12:45Z"}},
             "addressType":"IPv4","ports":[{"name":"http","protocol":"TCP","port":8080,"appProtocol":"http"}],
             "endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true,"serving":true,"terminating":false},
               "nodeName":"a","zone":"z","hints":{"forZones":[{"name":"z"}]},"targetRef":{"kind":"Pod","name":"p"}}]}
            """)
        let v1beta1: EndpointSlice = try decode(
            """
            {"metadata":{"name":"web-x","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},
             "addressType":"IPv4","ports":[{"name":"http","protocol":"TCP","port":8080}],
             "endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true},
               "topology":{"kubernetes.io/hostname":"a"}}]}
            """)
        #expect(v1 == v1beta1)
        #expect(v1.service == ObjectKey(namespace: "shop", name: "web"))
        #expect(v1.ports == [.init(name: "http", port: 8080)])
        #expect(v1.endpoints == [.init(addresses: ["10.0.0.1"])])
    }

    @Test(
        "an endpoint of unknown readiness is ready, and serving defaults to ready",
        arguments: [
            ("{}", true, true, false), (#"{"ready":false}"#, false, false, false),
            (#"{"ready":null}"#, true, true, false),
            (#"{"ready":false,"serving":true,"terminating":true}"#, false, true, true),
            (#"{"ready":true,"serving":false}"#, true, false, false),
        ])
    func conditions(json: String, isReady: Bool, isServing: Bool, isTerminating: Bool) throws {
        let endpoint: EndpointSlice.Endpoint = try decode(#"{"addresses":["10.0.0.1"],"conditions":\#(json)}"#)
        #expect(
            endpoint
                == .init(
                    addresses: ["10.0.0.1"], isReady: isReady, isServing: isServing, isTerminating: isTerminating))
    }

    @Test("empty lists may be null, a port without number means all ports, and a slice may have no Service")
    func sparse() throws {
        let slice: EndpointSlice = try decode(
            #"{"metadata":{"name":"x"},"addressType":"IPv6","ports":[{"name":""}],"endpoints":null}"#)
        #expect(slice.ports == [.init(port: nil)])
        #expect(slice.endpoints.isEmpty)
        #expect(slice.service == nil)
    }

    @Test("slices are requested from the first demand on, and one watch serves every later demand")
    func demand() async throws {
        let cache = ObjectCache()
        try await FakeAPIServer.run { path, _ in
            switch path {
            case "/apis/networking.k8s.io/v1": .init(body: #"{"resources":[{"name":"ingresses"}]}"#)
            case "/apis/discovery.k8s.io/v1beta1": .init(body: #"{"resources":[{"name":"endpointslices"}]}"#)
            case let list where list.contains("watch=1"): .init(status: 429)
            case let list where list.hasPrefix("/apis/discovery.k8s.io/v1beta1/namespaces/shop/endpointslices?"):
                .init(body: #"{"metadata":{"resourceVersion":"1"},"items":[\#(slice("web")),\#(slice("other"))]}"#)
            case let list where list.contains("?"): .init(body: #"{"metadata":{"resourceVersion":"1"}}"#)
            default: .init(status: 404)
            }
        } body: { server in
            let client = KubernetesClient(
                credentials: ClusterCredentials(server: server.url, login: .none), http: HTTPClient(), logger: .quiet)
            let source = ClusterSource(
                client: client, namespace: "shop", cache: cache, ingressMetadata: MetadataFilter(), logger: .quiet)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                try await eventually("the cache is synced without them") { cache.isSynced }
                #expect(cache.hasWantedEndpoints)
                #expect(!server.requests.contains { $0.contains("discovery.k8s.io") })

                cache.want(endpointsOf: [ObjectKey(namespace: "shop", name: "web")])
                try await eventually("they are read") { cache.hasWantedEndpoints }
                #expect(cache.take().snapshot.endpointSlices.keys.map(\.name) == ["web-x"])
                func lists() -> [String] { server.requests.filter { $0.contains("/endpointslices?") } }
                #expect(lists().allSatisfy { $0.contains("labelSelector=kubernetes.io/service-name") })
                let before = lists().count { !$0.contains("watch=1") }

                cache.want(endpointsOf: [])
                #expect(cache.take().snapshot.endpointSlices.isEmpty)
                cache.want(endpointsOf: [ObjectKey(namespace: "shop", name: "other")])
                #expect(cache.take().snapshot.endpointSlices.keys.map(\.name) == ["other-x"])
                #expect(lists().count { !$0.contains("watch=1") } == before)
                group.cancelAll()
            }
        }
    }

    @Test("a server without EndpointSlices is reported and not waited for")
    func noSuchKind() async throws {
        let cache = ObjectCache()
        let log = LogRecorder()
        try await FakeAPIServer.run { path, _ in
            path == "/apis/networking.k8s.io/v1"
                ? .init(body: #"{"resources":[{"name":"ingresses"}]}"#) : .init(status: 404)
        } body: { server in
            let client = KubernetesClient(
                credentials: ClusterCredentials(server: server.url, login: .none), http: HTTPClient(), logger: .quiet)
            let source = ClusterSource(
                client: client, namespace: nil, cache: cache, ingressMetadata: MetadataFilter(), logger: log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                cache.want(endpointsOf: [ObjectKey(namespace: "shop", name: "web")])
                try await eventually("it is given up") { cache.hasWantedEndpoints }
                #expect(log.lines.contains { $0.contains("API server has no EndpointSlices") })
                group.cancelAll()
            }
        }
    }

    private func slice(_ service: String) -> String {
        """
        {"metadata":{"name":"\(service)-x","namespace":"shop","labels":{"kubernetes.io/service-name":"\(service)"}},
         "addressType":"IPv4"}
        """
    }
}

@Suite struct EndpointDemandTests {
    let cache = ObjectCache()
    let web = ObjectKey(namespace: "shop", name: "web")

    @Test("the demand begins with the first Service that is wanted")
    func demand() async {
        var demand = cache.endpointDemand.makeAsyncIterator()
        cache.want(endpointsOf: [])
        cache.want(endpointsOf: [web])
        #expect(await demand.next() != nil)
    }

    @Test("the snapshot has the slices of the wanted Services only, and a change of another one is no change")
    func selection() {
        let api = ObjectKey(namespace: "shop", name: "api")
        func slice(_ service: ObjectKey?, _ address: String) -> EndpointSlice {
            EndpointSlice(
                metadata: ObjectMeta(
                    name: "\(service?.name ?? "none")-x", namespace: "shop",
                    labels: service.map { [EndpointSlice.serviceLabel: $0.name] } ?? [:]),
                addressType: "IPv4", endpoints: [.init(addresses: [address])])
        }
        func taken() -> (slices: [String], changes: [String]) {
            let (snapshot, changes) = cache.take()
            return (
                snapshot.endpointSlices.keys.map(\.name).sorted(), changes.map { "\($0.verb) \($0.key.name)" }
            )
        }
        cache.replace(with: [slice(web, "10.0.0.1"), slice(api, "10.0.0.2"), slice(nil, "10.0.0.3")])
        #expect(taken() == ([], []))
        cache.want(endpointsOf: [web])
        #expect(taken() == (["web-x"], ["added web-x"]))
        cache.upsert(slice(api, "10.0.0.4"))
        #expect(taken() == (["web-x"], []))
        cache.want(endpointsOf: [web, api])
        #expect(taken() == (["api-x", "web-x"], ["added api-x"]))
        cache.want(endpointsOf: [api])
        #expect(taken() == (["api-x"], []))
        // The slice moves to a Service that is not wanted.
        var moved = slice(web, "10.0.0.4")
        moved.metadata.name = "api-x"
        cache.upsert(moved)
        #expect(taken() == ([], ["deleted api-x"]))
        cache.replace(with: [EndpointSlice]())
        cache.want(endpointsOf: [web, api])
        #expect(taken() == ([], []))
    }

    @Test("EndpointSlices are not waited for before the cache is synced")
    func synced() {
        cache.replace(with: [Ingress]())
        cache.replace(with: [IngressClass]())
        cache.replace(with: [Service]())
        cache.want(endpointsOf: [web])
        #expect(cache.isSynced)
        #expect(!cache.hasWantedEndpoints)
        cache.replace(with: [EndpointSlice]())
        #expect(cache.hasWantedEndpoints)
    }

    @Test("a write that changes nothing for the consumer does not signal")
    func silence() async {
        cache.upsert(ingress("x"))
        _ = cache.take()
        await cache.changed.wait()
        cache.upsert(ingress("x", version: "2"))
        cache.delete(EndpointSlice.self, ObjectMeta(name: "never-here"))
        cache.upsert(ingress("y", version: "3"))
        // Only the last of the three writes signals.
        await cache.changed.wait()
        #expect(cache.take().changes.map(\.key.name) == ["y"])
    }
}
