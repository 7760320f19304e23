import Foundation
import HTTPClient
import TestBed
import Testing

extension ReportingTests {
    @Suite("Status")
    struct StatusTests {
        private static let flags = ["--publish-address", "192.0.2.1,lb.example.com"]
        private static let published: JSON = [["ip": "192.0.2.1"], ["hostname": "lb.example.com"]]

        private func has(_ addresses: JSON, _ name: String, _ replicas: Replicas, _ controller: Controller) async throws
        {
            try await eventually("\(name) has \(addresses)", within: .seconds(20), showing: [controller.process]) {
                try await replicas.addresses(name) == addresses
            }
        }

        @Test("a handled Ingress has the address, also without a host; writing it is no cause and no reload")
        func written() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let controller = try await replicas.start("one", flags: Self.flags)
            let host = "a.\(replicas.namespace).test"
            try await bed.clockPasses(try await bed.api.apply(replicas.ingress("winner", host: host)))
            try await bed.api.apply(replicas.ingress("loser", host: host))
            try await bed.api.apply(replicas.ingress("other", className: "someone-elses"))
            for name in ["winner", "loser"] { try await has(Self.published, name, replicas, controller) }
            #expect(try await replicas.addresses("other") == .null)

            // In the next pass, the written status would be a cause.
            try await bed.api.apply(replicas.ingress("more"))
            try await controller.audited("the next host") {
                $0["hosts"]["added"][0].string == "more.\(replicas.namespace).test"
            }
            try await has(Self.published, "more", replicas, controller)
            let lines = try controller.audit()
            let causes = lines.flatMap { $0["causes"].array }
            #expect(causes.allSatisfy { $0["manager"].string?.hasPrefix("vault-ingress") != true })
            #expect(causes.filter { $0["kind"].string == "Ingress" }.allSatisfy { $0["change"].string == "added" })
            #expect(lines.allSatisfy { $0["result"].string == "applied" })
            await controller.stop()
        }

        @Test(
            "an Ingress that is not handled any more loses the address, also after a restart; what others wrote stays")
        func cleared() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let controller = try await replicas.start("one", flags: Self.flags)
            // One stays, because the loss of all Ingresses takes effect only after the grace period.
            for name in ["now", "later", "theirs", "stays"] {
                try await bed.api.apply(replicas.ingress(name))
                try await has(Self.published, name, replicas, controller)
            }
            // A class that does not exist would count as lost during the restart.
            try await bed.api.apply([
                "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "someone-elses"],
                "spec": ["controller": "example.com/other"],
            ])
            let leaving: JSON = ["spec": ["ingressClassName": "someone-elses"]]
            try await bed.api.patch(replicas.ingress("now"), leaving)
            try await has(.null, "now", replicas, controller)

            await controller.stop()
            let foreign: JSON = [["ip": "192.0.2.9"]]
            for name in ["later", "theirs"] { try await bed.api.patch(replicas.ingress(name), leaving) }
            let path = try await bed.api.path(of: replicas.ingress("theirs"))
            try await bed.api.call(
                "PATCH", "\(path)/status", body: ["status": ["loadBalancer": ["ingress": foreign]]],
                contentType: "application/merge-patch+json")
            let next = try await replicas.start("one", flags: Self.flags, after: controller)
            try await has(.null, "later", replicas, next)
            try await bed.api.apply(replicas.ingress("zzz"))
            try await has(Self.published, "zzz", replicas, next)
            #expect(try await replicas.addresses("theirs") == foreign)
            await next.stop()
        }

        @Test("the address of a published Service, here its ClusterIP")
        func service() async throws {
            let replicas = try await Replicas.make()
            let address = try await replicas.bed.makeService("front", namespace: replicas.namespace)
            let controller = try await replicas.start(
                "one", flags: ["--publish-service", "\(replicas.namespace)/front"])
            try await replicas.bed.api.apply(replicas.ingress("web"))
            try await has([["ip": .string(address)]], "web", replicas, controller)
            await controller.stop()
        }

        @Test("the shipped account has the necessary permissions, and the Lease is in its own namespace")
        func account() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            try await bed.api.apply(
                yaml: try String(contentsOf: Tools.checkout.appending(path: "manifests/account.yaml"), encoding: .utf8))
            let token = try await bed.api.token(serviceAccount: "vault-ingress", namespace: "vault-ingress")
            let folder = try TemporaryFolder.make("account")
            let kubeconfig = try await Kubeconfig.write(user: .token(token), server: bed.api, folder: folder)
            let controller = try await Controller.start(
                folder: bed.folder, source: .kubeconfig(kubeconfig), resolver: bed.dns.address, flags: Self.flags,
                environment: ["POD_NAME": "one", "POD_NAMESPACE": "vault-ingress"])
            let other = try await bed.makeNamespace()
            let ingress = bed.ingress("web", namespace: replicas.namespace, host: "\(other).test")
            let created = try await bed.api.apply(ingress)
            try await bed.clockPasses(created)
            try await bed.api.apply(bed.ingress("web", namespace: other, host: "\(other).test"))
            try await has(Self.published, "web", replicas, controller)
            try await replicas.hasEvent("web", "Synced", "serving \(other).test", showing: [controller])
            let loser = Replicas(bed: bed, namespace: other)
            try await loser.hasEvent(
                "web", "HostConflict", "is already owned by Ingress \(replicas.namespace)/web (created 2")
            try await has(Self.published, "web", loser, controller)
            // The request that increases a count.
            let none = "/api/v1/namespaces/\(other)/events/none"
            #expect(
                try await bed.api.send(
                    "PATCH", none, body: .object([:]), contentType: "application/merge-patch+json", token: token
                ).status == 404)
            let lease = try await bed.api.call(
                "GET", "/apis/coordination.k8s.io/v1/namespaces/vault-ingress/leases/vault-ingress")
            #expect(lease["spec"]["holderIdentity"].string?.hasPrefix("one_") == true)
            try await bed.api.patch(
                bed.ingress("web", namespace: other, host: ""), ["spec": ["ingressClassName": "someone-elses"]])
            try await has(.null, "web", loser, controller)
            #expect(await controller.stop() == .exited(0))
            let log = try controller.log
            #expect(log.contains("Lease released"))
            #expect(!log.contains("orbidden"))

            let path = "/apis/coordination.k8s.io/v1/namespaces/\(other)/leases"
            #expect(try await bed.api.send("GET", "\(path)/vault-ingress", token: token).status == 403)
            #expect(try await bed.api.send("GET", "/api/v1/events", token: token).status == 403)
        }
    }
}
