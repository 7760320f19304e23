import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Loss of all manifests")
    struct EmptyFolderTests {
        private func empty(_ site: Site) throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: site.manifests.path) {
                try FileManager.default.removeItem(at: site.manifests.appending(path: name))
            }
        }

        @Test("a folder that becomes empty keeps its hosts for the grace period")
        func emptied() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start(flags: ["--disappearance-grace", "3s"])
            try await controller.reaches(web, host: "a.test")
            let began = ContinuousClock.now
            try empty(site)
            try await eventually("the loss is on /status", showing: [controller.process]) {
                try await controller.status()["disappearances"].array.compactMap { $0["kind"].string }
                    == ["Ingress", "Service"]
            }
            #expect(try await controller.send(controller.request(host: "a.test")).status == 200)
            try await controller.serves("a.test", status: 404)
            #expect(ContinuousClock.now - began >= .seconds(3))
            await controller.stop()
        }

        @Test("a class that is missing at the next start keeps its hosts for the grace period")
        func missingClass() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            let className = "class-\(site.namespace)"
            var ingress = site.ingress("classy", host: "classy.test")
            ingress["spec"]["ingressClassName"] = .string(className)
            try site.write("web.yaml", [service.manifest, ingress, site.ingress("web", host: "a.test")])
            try site.write(
                "class.yaml",
                [
                    [
                        "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
                        "metadata": ["name": .string(className)], "spec": ["controller": "vault-ingress.io/controller"],
                    ]
                ])
            let controller = try await site.start()
            try await controller.reaches(service.address, host: "classy.test")
            await controller.stop()
            try FileManager.default.removeItem(at: site.manifests.appending(path: "class.yaml"))
            let next = try await site.start(flags: ["--disappearance-grace", "5s"], after: controller)
            #expect(try await next.send(next.request(host: "classy.test")).status == 200)
            #expect(try await next.status()["disappearances"][0]["name"].string == className)
            try await next.serves("classy.test", status: 404)
            try await next.reaches(service.address, host: "a.test")
            await next.stop()
        }

        @Test("a folder that is empty at the next start keeps the hosts of the last run for the grace period")
        func start() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start()
            try await controller.reaches(web, host: "a.test")
            await controller.stop()
            try empty(site)
            let next = try await Controller.start(
                folder: site.folder, source: .manifests(site.manifests), resolver: site.dns.address,
                flags: ["--reload-interval", "100ms", "--disappearance-grace", "5s"], after: controller,
                isAwaited: false)
            try await eventually("the loss is on /status", showing: [next.process]) {
                try await next.status()["disappearances"][0]["kind"].string == "Ingress"
            }
            #expect(try await next.send(next.request(host: "a.test")).status == 200)
            try await next.serves("a.test", status: 404)
            #expect(try await next.status()["disappearances"] == [])
            await next.stop()
        }
    }
}
