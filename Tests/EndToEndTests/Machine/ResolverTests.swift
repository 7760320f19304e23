import Foundation
import HTTPClient
import TestBed
import Testing

extension MachineTests {
    @Suite("The resolver")
    struct ResolverTests {
        /// Of names, and of servers: more than the 5 s that nginx keeps an answer, twice.
        private static let length = Duration.seconds(12)

        @Test("one of two name servers dies or hangs under load: no request fails", arguments: [SIGKILL, SIGSTOP])
        func deadUpstream(signal: Int32) async throws {
            let site = try await Site.make()
            let folder = try TemporaryFolder.make("resolver")
            let upstreams = [
                try await ClusterDNS.start(folder: folder, name: "first", sharing: site.dns),
                try await ClusterDNS.start(folder: folder, name: "second", sharing: site.dns),
            ]
            let (sidecar, address) = try await sidecar(of: upstreams, folder: folder)
            let names = (1...6).map { "web\($0)" }
            let services = try names.map { try site.service($0) }
            let ingresses = names.map { site.ingress($0, host: "\($0).test", service: $0) }
            try site.write("all.yaml", services.map(\.manifest) + ingresses)
            let controller = try await site.start(resolver: address)
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
                let asked = upstreams[1].queries()
                var loads: [Load] = []
                for try await load in group { loads.append(load) }
                // The names were looked up again after the death, by the one that is left.
                #expect(upstreams[1].queries() >= asked + names.count)
                return loads
            }
            for load in loads {
                #expect(load.failures == [:])
                #expect(load.requests > 100)
            }
            await controller.stop()
            for process in upstreams.map(\.process) + [sidecar] { await process.stop(SIGKILL) }
        }

        /// dnsmasq as `vault-ingress dnsmasq` configures it.
        private func sidecar(
            of upstreams: [ClusterDNS], folder: URL
        ) async throws -> (ServerProcess, address: String) {
            let address = "127.0.0.1:\(try FreePort.next())"
            // No port can be told in resolv.conf(5), so each gets an address that stands for its port.
            let placeholders = upstreams.indices.map { "192.0.2.\($0 + 1)" }
            let resolvConf = folder.appending(path: "resolv.conf")
            try (["search default.svc.cluster.local"] + placeholders.map { "nameserver \($0)" } + ["options ndots:5"])
                .joined(separator: "\n").write(to: resolvConf, atomically: true, encoding: .utf8)
            var text = try await ServerProcess.run(
                .init(
                    try Tools.vaultIngress,
                    ["dnsmasq", "--resolv-conf", resolvConf.path, "--listen", address]
                        + ["--template-dir", Tools.checkout.appending(path: "templates").path]),
                folder: folder)
            for (placeholder, upstream) in zip(placeholders, upstreams) {
                #expect(text.contains("server=\(placeholder)#53\n"))
                text = text.replacing("server=\(placeholder)#53\n", with: "server=127.0.0.1#\(upstream.port)\n")
            }
            let configuration = folder.appending(path: "dnsmasq.conf")
            try text.write(to: configuration, atomically: true, encoding: .utf8)
            let process = try await ServerProcess(
                "sidecar",
                .init(
                    try Tools.dnsmasq,
                    ["--keep-in-foreground", "--conf-file=\(configuration.path)", "--user=", "--group="]
                        + ["--log-facility=-"]),
                folder: folder)
            try await process.ready("the sidecar has started") { process.logTail().contains("started") }
            return (process, address)
        }
    }
}

extension ClusterDNS {
    /// How many questions it was asked so far.
    func queries() -> Int {
        let log = (try? String(contentsOf: process.log, encoding: .utf8)) ?? ""
        return log.split(separator: "\n").count { $0.contains("query[A]") }
    }
}
