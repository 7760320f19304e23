import Basics
import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

/// Tests on a real API server with its watch cache, the default. Serialized, because some of them restart it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ClusterSourceTests {
    static let bed = Shared { try await Bed.start() }

    @Test("Ingresses, Services and IngressClasses are read in one namespace or in all")
    func namespaces() async throws {
        let bed = try await Self.bed.get()
        let (mine, other) = (try await bed.makeNamespace(), try await bed.makeNamespace())
        try await bed.makeService("web", namespace: mine)
        try await bed.api.apply([
            "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "vault-ingress"],
            "spec": ["controller": "vault-ingress.io/controller"],
        ])
        try await FollowedCluster.run(bed, namespace: nil) { cluster in
            try await cluster.apply(["a"], namespace: mine)
            try await cluster.apply(["b"], namespace: other)
            try await cluster.expect(["a"], namespace: mine)
            try await cluster.expect(["b"], namespace: other)
        }
        try await FollowedCluster.run(bed, namespace: mine) { cluster in
            try await cluster.expect(["a"], namespace: mine)
            let snapshot = cluster.cache.take().snapshot
            #expect(Set(snapshot.ingresses.keys.map(\.namespace)) == [mine])
            #expect(snapshot.services[ObjectKey(namespace: mine, name: "web")]?.ports.map(\.name) == ["http"])
            #expect(
                snapshot.ingressClasses[ObjectKey(namespace: "", name: "vault-ingress")]?.controller
                    == "vault-ingress.io/controller")
        }
    }

    @Test("an interrupted watch continues without losing a change")
    func cut() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        try await FollowedCluster.run(bed, namespace: nil) { cluster in
            try await cluster.apply(["a", "b"], namespace: namespace)
            try await cluster.expect(["a", "b"], namespace: namespace)
            cluster.relay.cut()
            try await cluster.apply(["c"], namespace: namespace)
            try await cluster.delete("a", namespace: namespace)
            #expect(cluster.names(namespace) == ["a", "b"])
            cluster.relay.restore()
            try await cluster.expect(["b", "c"], namespace: namespace)
        }
    }

    @Test("no change is lost when the API server restarts", arguments: [SIGTERM, SIGKILL])
    func restart(signal: Int32) async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        try await FollowedCluster.run(bed, namespace: nil) { cluster in
            try await cluster.apply(["a", "b"], namespace: namespace)
            try await cluster.expect(["a", "b"], namespace: namespace)
            await bed.api.stop(signal)
            try await bed.api.restart()
            try await cluster.delete("a", namespace: namespace)
            try await cluster.apply(["c"], namespace: namespace)
            try await cluster.expect(["b", "c"], namespace: namespace)
        }
    }

    @Test("a watch that expires (410 after an etcd compaction) lists again without losing a change")
    func compaction() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        try await FollowedCluster.run(bed, namespace: nil) { cluster in
            try await cluster.apply(["a", "b"], namespace: namespace)
            try await cluster.expect(["a", "b"], namespace: namespace)
            cluster.relay.cut()
            try await cluster.delete("a", namespace: namespace)
            try await cluster.apply(["c"], namespace: namespace)
            try await bed.etcd.compact()
            // The server's watch cache would still have the old version.
            try await bed.api.restart()
            cluster.relay.restore()
            try await cluster.expect(["b", "c"], namespace: namespace)
            #expect(cluster.log.lines.contains { $0.contains("error=410") })
        }
    }

    @Test("a write names its field manager as the cause; this program's write of the status is not a cause")
    func causes() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        let ingress = bed.ingress("web", namespace: namespace, host: "a.example.com")
        try await FollowedCluster.run(bed, namespace: namespace) { cluster in
            try await bed.api.apply(ingress, manager: "team")
            try await cluster.expect(["web"], namespace: namespace)
            let key = ObjectKey(namespace: namespace, name: "web")
            #expect(cluster.cache.take().snapshot.ingresses[key]?.metadata.lastWriter?.manager == "team")

            let written = try await bed.api.call(
                "PATCH", try await bed.api.path(of: ingress) + "/status?fieldManager=vault-ingress",
                body: ["status": ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]],
                contentType: "application/merge-patch+json")
            let version = try #require(written["metadata"]["resourceVersion"].string)
            var changes: [Change] = []
            try await eventually("the status write arrives") {
                let (snapshot, new) = cluster.cache.take()
                changes += new
                return snapshot.ingresses[key]?.metadata.resourceVersion == version
            }
            #expect(changes == [])
        }
    }

    @Test("failed authentication and failed server verification are reported in one line")
    func rejections() async throws {
        let bed = try await Self.bed.get()
        var credentials = try ClusterCredentials.kubeconfig(file: bed.kubeconfig.path)
        func check() async -> String {
            let client = KubernetesClient(credentials: credentials, http: HTTPClient(), logger: .quiet)
            do throws(KubernetesError) {
                return try await client.checkVersion()
            } catch {
                return "\(error.code == .untrusted ? "untrusted" : "rejected") \(error)"
            }
        }
        #expect(await check().hasPrefix("v1."))
        credentials.login = .token(Secret("unknown"))
        #expect(await check() == "rejected GET \(bed.api.url)/version: 401 Unauthorized: Unauthorized")
        credentials.trust = .system
        #expect(await check().hasPrefix("untrusted GET \(bed.api.url)/version: certificate not trusted: "))
    }

    @Test("a pod's ServiceAccount is read from its folder")
    func inCluster() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        try await bed.api.apply([
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": ["name": "reader", "namespace": .string(namespace)],
        ])
        let folder = try ScratchFolder()
        try folder.write("token", try await bed.api.token(serviceAccount: "reader", namespace: namespace))
        try folder.write("ca.crt", try String(contentsOf: bed.api.authority.certificate, encoding: .utf8))
        let port = try #require(URL(string: bed.api.url)?.port)
        let credentials = try ClusterCredentials.inCluster(
            environment: ["KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": "\(port)"],
            directory: folder.path)
        let client = KubernetesClient(credentials: credentials, http: HTTPClient(), logger: .quiet)
        #expect(try await client.discoverVersions().ingress == "networking.k8s.io/v1")
        let error = await #expect(throws: KubernetesError.self) {
            try await client.send("GET", "/api/v1/namespaces/\(namespace)/secrets")
        }
        #expect(error?.status?.code == 403)
        #expect(error?.description.contains("system:serviceaccount:\(namespace):reader") == true)
    }
}

/// Tests on a real API server without watch cache, which pages every list and passes on the errors of etcd.
@Suite(.serialized, .timeLimit(.minutes(3))) struct UncachedClusterSourceTests {
    static let bed = Shared { try await Bed.start(apiServerOptions: ["--watch-cache=false"]) }

    @Test("more than 500 objects are read in pages")
    func pages() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        let names = (1...520).map { "web-\($0)" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<8 {
                group.addTask {
                    for index in stride(from: part, to: names.count, by: 8) {
                        try await bed.api.apply(bed.ingress(names[index], namespace: namespace, host: "a.example.com"))
                    }
                }
            }
            try await group.waitForAll()
        }
        let credentials = try ClusterCredentials.kubeconfig(file: bed.kubeconfig.path)
        let source = ClusterListWatch<Ingress>(
            client: KubernetesClient(credentials: credentials, http: HTTPClient(), logger: .quiet),
            path: "/apis/networking.k8s.io/v1/ingresses")
        let first = try await source.list(ListRequest(resourceVersion: "0", limit: ListRequest.pageSize))
        #expect(first.items.count == 500)
        #expect(first.next != nil)
        try await FollowedCluster.run(bed, namespace: nil) { cluster in
            try await cluster.expect(names, namespace: namespace)
        }
    }

    @Test("a watch whose version etcd has compacted lists again without losing a change")
    func compaction() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        try await FollowedCluster.run(bed, namespace: namespace) { cluster in
            try await cluster.apply(["a", "b"], namespace: namespace)
            try await cluster.expect(["a", "b"], namespace: namespace)
            cluster.relay.cut()
            try await cluster.delete("a", namespace: namespace)
            try await cluster.apply(["c"], namespace: namespace)
            try await bed.etcd.compact()
            cluster.relay.restore()
            try await cluster.expect(["b", "c"], namespace: namespace)
            #expect(cluster.log.lines.contains { $0.contains("error=410") })
        }
    }
}
