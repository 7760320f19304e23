public import Foundation

/// dnsmasq beside nginx, as `vault-ingress dnsmasq` configures it.
public struct Sidecar: Sendable {
    /// `127.0.0.1:PORT`, as `--resolver` takes it.
    public let address: String
    public let process: ServerProcess

    /// - Parameter upstreams: the name servers that it asks.
    public static func start(of upstreams: [ClusterDNS], folder: URL) async throws -> Sidecar {
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
            guard text.contains("server=\(placeholder)#53\n") else {
                throw BedError("the configuration names no server \(placeholder):\n\(text)")
            }
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
        return Sidecar(address: address, process: process)
    }
}
