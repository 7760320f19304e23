import Foundation
import TestBed
import Testing

extension ClusterTests {
    @Suite("API versions")
    struct VersionTests {
        /// An Ingress for a host, in the given API version.
        private func ingress(
            _ version: String, _ name: String, _ namespace: String, host: String, service: String, path: String = "/"
        ) -> JSON {
            let backend: JSON =
                version == "networking.k8s.io/v1"
                ? ["service": ["name": .string(service), "port": ["name": "http"]]]
                : ["serviceName": .string(service), "servicePort": "http"]
            var entry: JSON = ["path": .string(path), "backend": backend]
            // The default of older versions is ImplementationSpecific.
            if version == "networking.k8s.io/v1" { entry["pathType"] = "Prefix" }
            return [
                "apiVersion": .string(version), "kind": "Ingress",
                "metadata": [
                    "name": .string(name), "namespace": .string(namespace),
                    "annotations": ["kubernetes.io/ingress.class": "vault-ingress"],
                ],
                "spec": ["rules": [["host": .string(host), "http": ["paths": [entry]]]]],
            ]
        }

        /// The version as part of an object's name.
        private func word(_ version: String) -> String { version.filter { $0.isLetter || $0.isNumber } }

        private static let versions = ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"]

        @Test("an object that is written in several versions is one Ingress, with one added host")
        func written() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            var services: [String: String] = [:]
            for version in Self.versions {
                services[version] = try await bed.makeService(word(version), namespace: namespace)
            }
            let controller = try await bed.controller(namespace: namespace)
            for first in Self.versions {
                let host = "\(word(first)).\(namespace).test"
                for version in [first] + Self.versions.filter({ $0 != first }) {
                    try await bed.api.apply(
                        ingress(version, word(first), namespace, host: host, service: word(version)))
                    try await controller.reaches(services[version] ?? "", host: host)
                }
                let lines = try controller.audit().filter { $0["hosts"]["added"].array.contains(.string(host)) }
                #expect(lines.count == 1)
            }
            #expect(try await controller.status()["rejections"].array == [])
            await controller.stop()
        }

        @Test("when an upgraded server drops the version in use, the next one is discovered, and no host is lost")
        func upgrade() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            let server = try await APIServer.start(
                etcd: bed.etcd, folder: TemporaryFolder.make("upgraded"),
                options: [
                    "--runtime-config=networking.k8s.io/v1=false", "--disable-admission-plugins=DefaultIngressClass",
                ])
            let web = try await bed.makeService("web", namespace: namespace)
            let host = "a.\(namespace).test"
            try await bed.api.apply(ingress(Self.versions[0], "a", namespace, host: host, service: "web"))
            let controller = try await Controller.start(
                folder: bed.folder,
                source: .kubeconfig(
                    Kubeconfig.write(
                        user: .token(APIServer.adminToken), server: server, folder: server.authority.folder)),
                resolver: bed.dns.address,
                flags: [
                    "--reload-interval", "100ms", "--namespace", namespace, "--publish-address", "192.0.2.1",
                ],
                // A Lease of its own: another controller of this suite may hold the one of the default namespace.
                environment: ["POD_NAMESPACE": namespace])
            try await controller.reaches(web, host: host)
            #expect(try String(contentsOf: controller.process.log, encoding: .utf8).contains(Self.versions[1]))

            let off = Self.versions.dropFirst().map { "\($0)=false" }.joined(separator: ",")
            try await server.restart(options: ["--runtime-config=networking.k8s.io/v1=true,\(off)"])
            let late = ingress(Self.versions[0], "b", namespace, host: "b.\(namespace).test", service: "web")
            try await bed.api.apply(late)
            try await controller.reaches(web, host: "b.\(namespace).test", within: .seconds(60))
            try await controller.reaches(web, host: host)
            // The status is written through the new version, too.
            try await eventually("the status is written", within: .seconds(40), showing: [controller.process]) {
                try await bed.api.get(late)?["status"]["loadBalancer"]["ingress"] == [["ip": "192.0.2.1"]]
            }
            #expect(try controller.audit().allSatisfy { $0["hosts"]["removed"] == [] })
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("API version is gone, discovering again"))
            await controller.stop()
            await server.stop()
        }

        /// With another server on the same etcd that has only the older versions.
        @Test(
            "without networking.k8s.io/v1 the next version is watched, whatever version wrote the object",
            arguments: [1, 2])
        func older(dropped: Int) async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            let version = Self.versions[dropped]
            let off = Self.versions.prefix(dropped).map { "\($0)=false" }.joined(separator: ",")
            let old = try await APIServer.start(
                etcd: bed.etcd, folder: TemporaryFolder.make("old"),
                // This plugin waits for IngressClasses in v1 before the server is ready.
                options: ["--runtime-config=\(off)", "--disable-admission-plugins=DefaultIngressClass"])
            let web = try await bed.makeService("web", namespace: namespace)
            let rest = try await bed.makeService("rest", namespace: namespace)
            for version in Self.versions {
                let name = word(version)
                try await bed.api.apply(
                    ingress(version, name, namespace, host: "\(name).\(namespace).test", service: "web"))
            }
            let controller = try await Controller.start(
                folder: bed.folder,
                source: .kubeconfig(
                    Kubeconfig.write(user: .token(APIServer.adminToken), server: old, folder: old.authority.folder)),
                resolver: bed.dns.address, flags: ["--reload-interval", "100ms", "--namespace", namespace])
            for version in Self.versions {
                try await controller.reaches(web, host: "\(word(version)).\(namespace).test", path: "/deep/down")
            }
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("\"ingress_version\":\"\(version)\""))

            // The watch continues: objects are created, changed and deleted through both servers.
            let host = "late.\(namespace).test"
            try await old.apply(ingress(version, "late", namespace, host: host, service: "web"))
            try await controller.reaches(web, host: host)
            var late = ingress(version, "late", namespace, host: host, service: "web", path: "/web")
            late["spec"]["backend"] = ["serviceName": "rest", "servicePort": .integer(bed.backend.port)]
            try await old.apply(late)
            try await controller.reaches(rest, host: host, path: "/else")
            try await controller.reaches(web, host: host, path: "/web/x")
            try await bed.api.delete(ingress("networking.k8s.io/v1", "late", namespace, host: host, service: "web"))
            try await controller.serves(host, path: "/web/x", status: 404)
            #expect(try await controller.status()["rejections"].array == [])
            await controller.stop()
            await old.stop()
        }
    }
}
