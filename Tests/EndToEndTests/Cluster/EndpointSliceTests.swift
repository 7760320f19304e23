import Foundation
import HTTPClient
import TestBed
import Testing

extension ClusterTests {
    @Suite("EndpointSlices")
    struct EndpointSliceTests {
        @Test(
            "they are watched from the first affinity on, requests go to their pods, and affinity can change at any time"
        )
        func followed() async throws {
            let bed = try await ClusterTests.bed.get()
            let namespace = try await bed.makeNamespace()
            let web = try await bed.makeService("web", namespace: namespace)
            let controller = try await bed.controller(namespace: namespace, flags: ["--upstreams", "dns"])
            let host = "\(namespace).test"
            var ingress = bed.ingress("web", namespace: namespace, host: host)
            try await bed.api.apply(ingress)
            try await bed.api.apply(slice(namespace, pods: ["10.244.0.2", "10.244.0.1"]))
            try await controller.reaches(web, host: host)
            #expect(try lists(controller) == 0)

            ingress["metadata"]["annotations"] = ["vault-ingress.io/affinity": "cookie"]
            try await bed.api.apply(ingress)
            let name = "web.\(namespace).svc.cluster.local:\(bed.backend.port)"
            try await routes(controller, to: "\(name) pods\n# pods of \(name)\t10.244.0.1:8080+10.244.0.2:8080")
            try await bed.api.apply(slice(namespace, pods: ["10.244.0.1"]), manager: "endpointslice-controller")
            try await routes(controller, to: "\(name) pods\n# pods of \(name)\t10.244.0.1:8080")
            try await controller.audited("the writer that removed the pod") { line in
                let cause = line["causes"][0]
                return cause["kind"].string == "EndpointSlice" && cause["change"].string == "modified"
                    && cause["manager"].string == "endpointslice-controller"
                    && line["hosts"]["changed"] == [.string(host)]
            }
            #expect(try lists(controller) == 1)

            try await bed.api.patch(ingress, ["metadata": ["annotations": nil]])
            try await routes(controller, to: name)
            try await controller.reaches(web, host: host)
            try await bed.api.apply(ingress)
            try await routes(controller, to: "\(name) pods\n# pods of \(name)\t10.244.0.1:8080")
            #expect(try lists(controller) == 1, "the watch was never interrupted")
            await controller.stop()
        }

        private func slice(_ namespace: String, pods: [String]) -> JSON {
            [
                "apiVersion": "discovery.k8s.io/v1beta1", "kind": "EndpointSlice", "addressType": "IPv4",
                "metadata": [
                    "name": "web-x", "namespace": .string(namespace),
                    "labels": ["kubernetes.io/service-name": "web"],
                ],
                "ports": [["name": "http", "port": 8080, "protocol": "TCP"]],
                "endpoints": .array(pods.map { ["addresses": [.string($0)], "conditions": ["ready": true]] }),
            ]
        }

        /// Waits until the only path of the live generation leads to the target.
        private func routes(_ controller: Controller, to target: String) async throws {
            let file = controller.stateDir.appending(path: "current/routes.txt")
            try await eventually("the path leads to \(target)", showing: [controller.process]) {
                let text = try String(contentsOf: file, encoding: .utf8)
                guard text.hasSuffix(" -> \(target)\n") else { throw BedError("found \(text)") }
                return true
            }
        }

        /// The number of lists so far, after each of which a watch begins. Other controllers of the bed watch EndpointSlices too,
        /// so the API server's metrics do not show it.
        private func lists(_ controller: Controller) throws -> Int {
            try String(contentsOf: controller.process.log, encoding: .utf8).split(separator: "\n")
                .count { $0.contains("list complete") && $0.contains("EndpointSlice") }
        }
    }
}
