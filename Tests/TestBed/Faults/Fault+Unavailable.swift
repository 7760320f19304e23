import Foundation
import Glibc
import HTTPClient

extension Fault {
    /// Cuts the network to the API server and changes an Ingress meanwhile. For `watchExpired`, the API server also
    /// loses the history of changes.
    func onCluster(_ shared: Shared<Bed>, connections: Int, length: Duration) async throws -> FaultReport {
        let bed = try await shared.get()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        guard let port = URL(string: bed.api.url)?.port else { throw BedError("no port: \(bed.api.url)") }
        return try await Relay.run(to: UInt16(port)) { [self] relay in
            let kubeconfig = bed.folder.appending(path: "kubeconfig-\(relay.port)")
            try String(contentsOf: bed.kubeconfig, encoding: .utf8)
                .replacing(bed.api.url, with: "https://127.0.0.1:\(relay.port)")
                .write(to: kubeconfig, atomically: true, encoding: .utf8)
            let source = FaultStage.Source(source: .kubeconfig(kubeconfig)) { host in
                try await bed.api.apply(
                    ingress(host, namespace: namespace, port: bed.backend.port, className: "vault-ingress"))
            }
            let stage = try await FaultStage.start(
                folder: bed.folder, source: source, resolver: bed.dns.address, hosts: Self.hosts,
                flags: ["--namespace", namespace])
            return try await stage.measure(rawValue, connections: connections, isChangeMade: true) { stage in
                relay.cut()
                try await stage.change()
                if self == .watchExpired {
                    try await bed.etcd.compact()
                    // Without a restart, the server's watch cache would still have the old version.
                    try await bed.api.restart()
                } else {
                    try await Task.sleep(for: length)
                }
                relay.restore()
                return nil
            }
        }
    }

    /// Freezes Vault. The load uses https, with a certificate from Vault.
    func withVault(connections: Int, length: Duration) async throws -> FaultReport {
        let host = Self.hosts[0]
        let bao = try await BaoServer.start()
        let authority = try await CertificateAuthority(folder: TemporaryFolder.make("ca"))
        let pair = try await authority.issue("test", names: ["DNS:\(host)"])
        try await bao.policy("ingress", ["secret/data/ssl/*": ["read"]])
        let fields: JSON = [
            "crt": .string(try String(contentsOf: pair.certificate, encoding: .utf8)),
            "key": .string(try String(contentsOf: pair.key, encoding: .utf8)),
        ]
        try await bao.call("POST", "secret/data/ssl/\(host)", ["data": fields])
        let token = try await bao.token(policies: ["ingress"])
        let trust = TLSOptions.Trust.pem(Array(try Data(contentsOf: authority.certificate)))
        let report = try await Self.withParts { parts in
            let stage = try await FaultStage.start(
                folder: parts.folder, source: parts.manifests(secure: host), resolver: parts.dns.address,
                hosts: Self.hosts, flags: ["--vault-refresh", "1s"],
                environment: ["VAULT_ADDR": bao.address, "VAULT_TOKEN": token], trust: trust)
            return try await stage.measure(rawValue, connections: connections, isChangeMade: true) { stage in
                try await bao.process.freeze()
                try await stage.change()
                try await Task.sleep(for: length)
                bao.process.signal(SIGCONT)
                return nil
            }
        }
        await bao.process.stop(SIGKILL)
        return report
    }

    /// Freezes the only name server of the dnsmasq sidecar.
    func withSidecar(connections: Int, length: Duration) async throws -> FaultReport {
        try await Self.withParts { parts in
            let sidecar = try await Sidecar.start(of: [parts.dns], folder: parts.folder)
            let stage = try await FaultStage.start(
                folder: parts.folder, source: parts.manifests(), resolver: sidecar.address, hosts: Self.hosts)
            let report = try await stage.measure(rawValue, connections: connections) { _ in
                try await parts.dns.process.freeze()
                try await Task.sleep(for: length)
                parts.dns.process.signal(SIGCONT)
                return nil
            }
            await sidecar.process.stop(SIGKILL)
            return report
        }
    }
}
