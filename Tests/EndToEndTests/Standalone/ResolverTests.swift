import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Resolver")
    struct ResolverTests {
        /// The duration of the load: more than twice the 5 s for which nginx caches an answer.
        private static let length = Duration.seconds(12)

        @Test("names with a loopback, link-local or unspecified address do not exist, names with private addresses do")
        func ownAddresses() async throws {
            let folder = try TemporaryFolder.make("own-addresses")
            let upstream = try await ClusterDNS.start(folder: folder)
            let sidecar = try await Sidecar.start(of: [upstream], folder: folder, answersLoopback: false)
            let addresses = [
                "loopback": "127.0.0.1", "other": "127.8.9.10", "metadata": "169.254.169.254", "any": "0.0.0.0",
                "private": "10.96.0.7", "public": "192.0.2.7",
            ]
            for (service, address) in addresses {
                try upstream.set(service: service, namespace: "shop", address: address)
            }
            for (service, address) in addresses {
                let name = "\(service).shop.svc.cluster.local"
                try await eventually("\(name) resolves") { try await upstream.lookUp(name) == address }
                let isAnswered = ["private", "public"].contains(service)
                #expect(try await ClusterDNS.lookUp(name, port: sidecar.port) == (isAnswered ? address : nil))
            }
            for process in [sidecar.process, upstream.process] { await process.stop(SIGKILL) }
        }

        @Test("no request fails if one of two name servers exits or hangs", arguments: [SIGKILL, SIGSTOP])
        func deadUpstream(signal: Int32) async throws {
            let site = try await Site.make()
            let folder = try TemporaryFolder.make("resolver")
            let upstreams = [
                try await ClusterDNS.start(folder: folder, name: "first", sharing: site.dns),
                try await ClusterDNS.start(folder: folder, name: "second", sharing: site.dns),
            ]
            let sidecar = try await Sidecar.start(of: upstreams, folder: folder)
            let names = (1...6).map { "web\($0)" }
            let services = try names.map { try site.service($0) }
            let ingresses = names.map { site.ingress($0, host: "\($0).test", service: $0) }
            try site.write("all.yaml", services.map(\.manifest) + ingresses)
            let controller = try await site.start(resolver: sidecar.address)
            for (name, service) in zip(names, services) {
                try await controller.reaches(service.address, host: "\(name).test")
            }

            let loads = try await withThrowingTaskGroup(of: Load.self) { group in
                for name in names {
                    group.addTask {
                        let request = controller.request(host: "\(name).test")
                        return try await Load.during(request, tasks: 1) { try await Task.sleep(for: Self.length) }.load
                    }
                }
                try await Task.sleep(for: .seconds(1))
                upstreams[0].process.signal(signal)
                let before = upstreams[1].queries()
                var loads: [Load] = []
                for try await load in group { loads.append(load) }
                // The remaining server has answered a query for each name.
                #expect(upstreams[1].queries() >= before + names.count)
                return loads
            }
            for load in loads {
                #expect(load.failures == [:])
                #expect(load.requests > 100)
            }
            await controller.stop()
            for process in upstreams.map(\.process) + [sidecar.process] { await process.stop(SIGKILL) }
        }
    }
}

extension ClusterDNS {
    /// The number of queries so far.
    func queries() -> Int {
        let log = (try? String(contentsOf: process.log, encoding: .utf8)) ?? ""
        return log.split(separator: "\n").count { $0.contains("query[A]") }
    }
}
