import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

extension ClusterSourceTests {
    /// JSON decoders limit the depth of nesting; the API server does not limit it in `fieldsV1`.
    @Test("an object with deeply nested managedFields is read, and so are the others, in a list and in a watch")
    func deep() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        @Sendable func create(_ name: String, kind: String, path: String, spec: String) async throws {
            let fields = String(repeating: #"{"f:a":"#, count: 600) + "{}" + String(repeating: "}", count: 600)
            let body = """
                {"apiVersion":"\(path.hasPrefix("/api/") ? "v1" : "networking.k8s.io/v1")","kind":"\(kind)","metadata":{
                 "name":"\(name)","managedFields":[{"manager":"m","operation":"Update","time":"2026-01-01T00:00:00Z",
                 "apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":\(fields)}]},"spec":\(spec)}
                """
            let response = try await bed.api.send("POST", path, bytes: Array(body.utf8))
            try #require(response.status == 201, "\(String(decoding: response.body, as: UTF8.self).prefix(300))")
        }
        @Sendable func createBoth(_ name: String) async throws {
            try await create(
                name, kind: "Ingress", path: "/apis/networking.k8s.io/v1/namespaces/\(namespace)/ingresses",
                spec: #"{"ingressClassName":"other","defaultBackend":{"service":{"name":"web","port":{"number":80}}}}"#)
            try await create(
                name, kind: "Service", path: "/api/v1/namespaces/\(namespace)/services",
                spec: #"{"ports":[{"port":80}]}"#)
        }

        try await createBoth("listed")
        try await FollowedCluster.run(bed, namespace: namespace) { cluster in
            try await cluster.expect(["listed"], namespace: namespace)
            try await createBoth("watched")
            try await cluster.apply(["after"], namespace: namespace)
            try await cluster.expect(["after", "listed", "watched"], namespace: namespace)
            try await cluster.delete("watched", namespace: namespace)
            try await cluster.expect(["after", "listed"], namespace: namespace)
            let services = cluster.cache.snapshot.services
            #expect(services[ObjectKey(namespace: namespace, name: "listed")] != nil)
        }
    }

    @Test("a watch in which nothing arrives, not even a bookmark, ends without an error", .timeLimit(.minutes(1)))
    func silence() async throws {
        let bed = try await Self.bed.get()
        let namespace = try await bed.makeNamespace()
        let credentials = try ClusterCredentials.kubeconfig(file: bed.kubeconfig.path)
        var source = ClusterListWatch<Ingress>(
            client: KubernetesClient(credentials: credentials, http: HTTPClient(), logger: .quiet),
            path: "/apis/networking.k8s.io/v1/namespaces/\(namespace)/ingresses")
        source.longestSilence = .milliseconds(500)
        let list = try await source.list(ListRequest())
        let began = ContinuousClock.now
        try await source.watch(WatchRequest(resourceVersion: list.resourceVersion, random: 0)) { _ in true }
        #expect(ContinuousClock.now - began >= .milliseconds(500))
    }
}
