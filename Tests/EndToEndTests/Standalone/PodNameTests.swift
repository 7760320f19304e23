import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Pods by name")
    struct PodNameTests {
        /// A site whose dnsmasq reads the hosts files of the controller.
        private struct Bed {
            let site: Site
            let hosts: URL
            let sidecar: Sidecar

            static func make() async throws -> Bed {
                let site = try await Site.make()
                let folder = try TemporaryFolder.make("pod-names")
                let hosts = folder.appending(path: "hosts")
                try FileManager.default.createDirectory(at: hosts, withIntermediateDirectories: true)
                let sidecar = try await Sidecar.start(of: [site.dns], folder: folder, hostsFolder: hosts)
                return Bed(site: site, hosts: hosts, sidecar: sidecar)
            }

            func start(after previous: Controller? = nil, nginx: String? = nil) async throws -> Controller {
                try await site.start(
                    flags: ["--hosts-dir", hosts.path], resolver: sidecar.address,
                    nginx: try nginx ?? Tools.nginxCurrent, after: previous)
            }

            func files() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: hosts.path).sorted()
            }

            func stop(_ controller: Controller) async {
                await controller.stop()
                await sidecar.process.stop(SIGKILL)
            }
        }

        @Test("pods are added, removed, all removed and added again without a reload, and no request fails under load")
        func followed() async throws {
            let bed = try await Bed.make()
            let site = bed.site
            let service = try site.service("web")
            let pods = (1...4).map { "127.3.0.\($0)" }
            try site.write("ingress.yaml", [site.ingress("web", host: "a.test")])
            try site.write("service.yaml", [service.manifest, site.slice("web", pods: pods[..<2])])
            let controller = try await bed.start()
            try await controller.serves("a.test", status: 200)
            let records = try controller.audit().count

            let (load, _) = try await Load.during(controller.request(host: "a.test"), tasks: 2) {
                for current in [pods[..<3], pods[1..<4], pods[3...], pods[..<2]] {
                    try site.write("service.yaml", [service.manifest, site.slice("web", pods: current)])
                    try await eventually("\(current) answer", showing: [controller.process]) {
                        try await answers(controller, count: 12) == Set(current)
                    }
                }
            }
            #expect(load.failures == [:])
            #expect(load.requests > 100)

            try site.write("service.yaml", [service.manifest, site.slice("web", pods: [])])
            try await controller.serves("a.test", status: 503)
            try site.write("service.yaml", [service.manifest, site.slice("web", pods: [pods[0]])])
            try await controller.reaches(pods[0], host: "a.test")
            #expect(try controller.audit().count == records, "there was no reload")
            await bed.stop(controller)
        }

        @Test("known pods answer while no DNS server does, also after a reload")
        func noDNS() async throws {
            let bed = try await Bed.make()
            let site = bed.site
            try site.write(
                "web.yaml",
                [
                    try site.service("web").manifest, site.ingress("web", host: "a.test"),
                    site.slice("web", pods: ["127.3.1.1"]),
                ])
            let controller = try await bed.start()
            try await controller.reaches("127.3.1.1", host: "a.test")
            await bed.sidecar.process.stop(SIGKILL)
            let (load, _) = try await Load.during(
                controller.request(host: "a.test"), tasks: 1, pause: .milliseconds(20)
            ) {
                try await Task.sleep(for: .seconds(7))
                try site.write("other.yaml", [site.ingress("other", host: "b.test", service: "web")])
                try await controller.reaches("127.3.1.1", host: "b.test")
                try await Task.sleep(for: .seconds(3))
            }
            #expect(load.failures == [:])
            await controller.stop()
        }

        @Test("a pod that gets the address of another Service's pod gets no request of that Service")
        func reusedAddress() async throws {
            let bed = try await Bed.make()
            let site = bed.site
            let services = [try site.service("red").manifest, try site.service("green").manifest]
            try site.write(
                "ingress.yaml",
                [
                    site.ingress("red", host: "red.test", service: "red"),
                    site.ingress("green", host: "green.test", service: "green"),
                ])
            let addresses = ["127.3.2.1", "127.3.2.2"]
            func place(red: Int) throws {
                try site.write(
                    "services.yaml",
                    services + [
                        site.slice("red", pods: [addresses[red]]), site.slice("green", pods: [addresses[1 - red]]),
                    ])
            }
            try place(red: 0)
            let controller = try await bed.start()
            for red in [1, 0, 1] {
                try place(red: red)
                try await controller.reaches(addresses[red], host: "red.test")
                try await controller.reaches(addresses[1 - red], host: "green.test")
                for _ in 0..<20 {
                    #expect(try await answers(controller, host: "red.test", count: 1) == [addresses[red]])
                    #expect(try await answers(controller, host: "green.test", count: 1) == [addresses[1 - red]])
                }
            }
            await bed.stop(controller)
        }

        @Test("a restart keeps the pods, and hosts files that nothing uses are removed")
        func restart() async throws {
            let bed = try await Bed.make()
            let site = bed.site
            try site.write(
                "ingress.yaml",
                [site.ingress("web", host: "a.test"), site.ingress("old", host: "b.test", service: "old")])
            try site.write(
                "service.yaml",
                [
                    try site.service("web").manifest, try site.service("old").manifest,
                    site.slice("web", pods: ["127.3.3.1"]), site.slice("old", pods: ["127.3.3.2"]),
                ])
            var controller = try await bed.start()
            try await controller.reaches("127.3.3.2", host: "b.test")
            let port = site.backend.port
            #expect(try bed.files() == ["\(site.namespace).old.\(port)", "\(site.namespace).web.\(port)"])
            await controller.stop()
            controller = try await bed.start(after: controller)
            try await controller.reaches("127.3.3.1", host: "a.test")
            #expect(try controller.audit().count == 1)
            try site.write("ingress.yaml", [site.ingress("web", host: "a.test")])
            try await eventually("the file of the other Service is removed", showing: [controller.process]) {
                try bed.files() == ["\(site.namespace).web.\(port)"]
            }
            await bed.stop(controller)
        }

        @Test("without a version of nginx or a DNS server that can follow names, a warning says what is missing")
        func missing() async throws {
            let bed = try await Bed.make()
            let site = bed.site
            try site.write(
                "web.yaml",
                [
                    try site.service("web").manifest, site.ingress("web", host: "a.test"),
                    site.slice("web", pods: ["127.3.4.1"]),
                ])
            let old = try await bed.start(nginx: Tools.nginx)
            try await old.reaches("127.3.4.1", host: "a.test")
            #expect(try String(contentsOf: old.process.log, encoding: .utf8).contains("expected nginx 1.27.3 or newer"))
            await old.stop()
            let foreign = try await site.start(
                flags: ["--hosts-dir", bed.hosts.path], nginx: try Tools.nginxCurrent)
            try await foreign.reaches("127.3.4.1", host: "a.test")
            #expect(
                try String(contentsOf: foreign.process.log, encoding: .utf8).contains("expected dnsmasq 2.87 or newer"))
            await bed.stop(foreign)
        }

        /// The addresses of the pods that answer.
        private func answers(_ controller: Controller, host: String = "a.test", count: Int) async throws -> Set<String>
        {
            var found: Set<String> = []
            for _ in 0..<count {
                let response = try await controller.send(controller.request(host: host))
                guard response.status == 200 else { throw BedError("\(host): \(response.status)") }
                found.insert(try JSONDecoder().decode(Backend.Answer.self, from: Data(response.body)).serverAddress)
            }
            return found
        }
    }
}
