import Foundation
import HTTPClient
import TestBed
import Testing

/// The guarantees of the test bed, on real components.
@Suite("Bed")
struct BedTests {
    @Test("a Service is reached at its ClusterIP, which is in the answer")
    func service() async throws {
        let bed = try await sharedBed.get()
        let namespace = try await bed.makeNamespace()
        let address = try await bed.makeService("web", namespace: namespace)
        let response = try await HTTP.get("http://\(address):\(bed.backend.port)/a?b=c", headers: ["X-Name": "val\"ue"])
        let answer = try JSONDecoder().decode(Backend.Answer.self, from: Data(response.body))
        #expect(answer.serverAddress == address)
        #expect(answer.uri == "/a?b=c")
        #expect(answer.headers["x-name"] == "val\"ue")
    }

    @Test("objects can be applied, changed, read and deleted, and an Ingress is readable in every version")
    func objects() async throws {
        let bed = try await sharedBed.get()
        let namespace = try await bed.makeNamespace()
        let ingress = bed.ingress("web", namespace: namespace, host: "a.example.com")
        try await bed.api.apply(ingress, manager: "test")
        try await bed.api.patch(ingress, ["metadata": ["labels": ["ssl": "true"]]])
        let stored = try #require(try await bed.api.get(ingress))
        #expect(stored["metadata"]["labels"]["ssl"].string == "true")
        #expect(stored["metadata"]["managedFields"][0]["manager"].string == "test")
        for version in ["networking.k8s.io/v1beta1", "extensions/v1beta1"] {
            let old = try await bed.api.call("GET", "/apis/\(version)/namespaces/\(namespace)/ingresses/web")
            #expect(old["spec"]["rules"][0]["http"]["paths"][0]["backend"]["serviceName"].string == "web")
        }
        try await bed.api.delete(ingress)
        #expect(try await bed.api.get(ingress) == nil)
    }

    @Test("a token of a ServiceAccount has the permissions of its role only")
    func serviceAccount() async throws {
        let bed = try await sharedBed.get()
        let namespace = try await bed.makeNamespace()
        let metadata: JSON = ["name": "reader", "namespace": .string(namespace)]
        try await bed.api.apply(["apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata])
        try await bed.api.apply([
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata,
            "rules": [["apiGroups": [""], "resources": ["services"], "verbs": ["list"]]],
        ])
        try await bed.api.apply([
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata,
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"],
            "subjects": [["kind": "ServiceAccount", "name": "reader", "namespace": .string(namespace)]],
        ])
        let token = try await bed.api.token(serviceAccount: "reader", namespace: namespace)
        let path = "/api/v1/namespaces/\(namespace)"
        #expect(try await bed.api.send("GET", "\(path)/services", token: token).status == 200)
        #expect(try await bed.api.send("GET", "\(path)/secrets", token: token).status == 403)
        #expect(try await bed.api.send("GET", "\(path)/services", token: "unknown").status == 401)
    }

    @Test("after a restart, the API server has the same objects at the same address")
    func restart() async throws {
        let folder = try TemporaryFolder.make()
        let etcd = try await Etcd.start(folder: folder)
        let api = try await APIServer.start(etcd: etcd, folder: folder)
        let object: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "kept"], "data": ["key": "value"],
        ]
        try await api.apply(object)
        let first = try #require(await api.process.pid)
        try await api.restart()
        #expect(await api.process.pid != first)
        #expect(try await api.get(object)?["data"]["key"].string == "value")
        await api.stop()
        await etcd.process.stop()
    }

    @Test("after a compaction and a restart, an older watch is answered with 410")
    func compaction() async throws {
        let folder = try TemporaryFolder.make()
        let etcd = try await Etcd.start(folder: folder)
        let api = try await APIServer.start(etcd: etcd, folder: folder)
        let services = "/api/v1/namespaces/default/services"
        let old = try #require(try await api.call("GET", services)["metadata"]["resourceVersion"].string)
        try await api.apply(["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "newer"]])
        try await etcd.compact()
        try await api.restart()
        let watch = try await api.send("GET", "\(services)?watch=1&resourceVersion=\(old)&timeoutSeconds=5")
        #expect(String(decoding: watch.body, as: UTF8.self).contains("\"code\":410"))
        await api.stop()
        await etcd.process.stop()
    }
}
