import Foundation
import HTTPClient
import TestBed
import Testing

extension ReportingTests {
    @Suite("Loss of an IngressClass")
    struct DisappearanceTests {
        private func ingressClass(_ replicas: Replicas, controller: String = "vault-ingress.io/controller") -> JSON {
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
                "metadata": ["name": .string(replicas.namespace)], "spec": ["controller": .string(controller)],
            ]
        }

        private func host(_ name: String, _ replicas: Replicas) -> String { "\(name).\(replicas.namespace).test" }

        /// A controller that serves the host of an Ingress with a class of its own.
        private func start(_ replicas: Replicas, grace: String) async throws -> Controller {
            try await replicas.bed.api.apply(ingressClass(replicas))
            let controller = try await replicas.start(
                "one", flags: ["--publish-address", "192.0.2.1", "--disappearance-grace", grace])
            try await replicas.bed.api.apply(replicas.ingress("a", className: replicas.namespace))
            try await controller.serves(host("a", replicas))
            try await eventually("the status is written", within: .seconds(20)) {
                try await replicas.addresses("a") == [["ip": "192.0.2.1"]]
            }
            return controller
        }

        @Test("a deleted class keeps its hosts for the grace period, reports it, and then has the usual effect")
        func deleted() async throws {
            let replicas = try await Replicas.make()
            let controller = try await start(replicas, grace: "8s")
            let began = ContinuousClock.now
            try await replicas.bed.api.delete(ingressClass(replicas))
            try await eventually("the loss is on /status", showing: [controller.process]) {
                try await controller.status()["disappearances"][0]["name"].string == replicas.namespace
            }
            // Other changes go live at once, and so does a deletion.
            try await replicas.bed.api.apply(replicas.ingress("b"))
            try await controller.serves(host("b", replicas))
            try await replicas.bed.api.delete(replicas.ingress("b"))
            try await controller.serves(host("b", replicas), status: 404, within: .seconds(3))
            try await replicas.hasEvent("a", "IngressClassMissing", replicas.namespace, within: .seconds(6))
            let metrics = String(decoding: try await controller.admin("/metrics").body, as: UTF8.self)
            #expect(metrics.contains(#"vault_ingress_disappeared_objects{kind="IngressClass"} 1.0"#))
            #expect(try await controller.send(controller.request(host: host("a", replicas))).status == 200)
            #expect(try await replicas.addresses("a") == [["ip": "192.0.2.1"]])

            try await controller.serves(host("a", replicas), status: 404, within: .seconds(20))
            #expect(ContinuousClock.now - began >= .seconds(8))
            let line = try await controller.audited("the removal") {
                $0["hosts"]["removed"] == [.string(host("a", replicas))]
            }
            #expect(line["causes"][0]["kind"].string == "IngressClass")
            #expect(line["causes"][0]["change"].string == "deleted")
            try await eventually("the status is cleared", within: .seconds(20), showing: [controller.process]) {
                try await replicas.addresses("a") == .null
            }
            let status = try await controller.status()
            #expect(status["disappearances"] == [])
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("objects lost, serving them for now"))
            #expect(log.contains("grace period over, removing lost objects"))
            await controller.stop()
        }

        @Test("a class that is restored in time has lost nothing", arguments: [true, false])
        func restored(isEdited: Bool) async throws {
            let replicas = try await Replicas.make()
            let controller = try await start(replicas, grace: "30s")
            if isEdited {
                // spec.controller is immutable, so it is deleted and created again.
                try await replicas.bed.api.delete(ingressClass(replicas))
                try await replicas.bed.api.apply(ingressClass(replicas, controller: "example.com/other"))
            } else {
                try await replicas.bed.api.delete(ingressClass(replicas))
            }
            try await eventually("the loss is on /status", showing: [controller.process]) {
                try await controller.status()["disappearances"].array.count == 1
            }
            if isEdited { try await replicas.bed.api.delete(ingressClass(replicas)) }
            try await replicas.bed.api.apply(ingressClass(replicas))
            try await eventually("the loss is over", showing: [controller.process]) {
                try await controller.status()["disappearances"] == []
            }
            #expect(try await controller.send(controller.request(host: host("a", replicas))).status == 200)
            #expect(try controller.audit().allSatisfy { $0["hosts"]["removed"] == [] })
            #expect(
                try String(contentsOf: controller.process.log, encoding: .utf8).contains("lost objects are back"))
            await controller.stop()
        }

        @Test("without a grace period, the hosts are removed at once")
        func off() async throws {
            let replicas = try await Replicas.make()
            let controller = try await start(replicas, grace: "0")
            try await replicas.bed.api.delete(ingressClass(replicas))
            try await controller.serves(host("a", replicas), status: 404, within: .seconds(5))
            await controller.stop()
        }
    }
}
