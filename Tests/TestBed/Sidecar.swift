public import Foundation

/// The dnsmasq sidecar, configured by `vault-ingress dnsmasq`.
public struct Sidecar: Sendable {
    /// `127.0.0.1:PORT`, for `--resolver`.
    public var address: String { "127.0.0.1:\(port)" }
    public let port: Int
    public let process: ServerProcess

    /// - Parameters:
    ///   - upstreams: its name servers.
    ///   - hostsFolder: of the names of pods.
    ///   - answersLoopback: allow answers in 127.0.0.0/8, where the bed's Services are. The shipped configuration does
    ///     not.
    public static func start(
        of upstreams: [ClusterDNS], folder: URL, answersLoopback: Bool = true, hostsFolder: URL? = nil
    ) async throws -> Sidecar {
        let port = try FreePort.next()
        // resolv.conf(5) has no ports: each server gets a placeholder address, which is replaced.
        let placeholders = upstreams.indices.map { "192.0.2.\($0 + 1)" }
        let resolvConf = folder.appending(path: "resolv.conf")
        try (["search default.svc.cluster.local"] + placeholders.map { "nameserver \($0)" } + ["options ndots:5"])
            .joined(separator: "\n").write(to: resolvConf, atomically: true, encoding: .utf8)
        var text = try await ServerProcess.run(
            .init(
                try Tools.vaultIngress,
                ["dnsmasq", "--resolv-conf", resolvConf.path, "--listen", "127.0.0.1:\(port)"]
                    + (hostsFolder.map { ["--hosts-dir", $0.path] } ?? [])
                    + ["--template-dir", Tools.checkout.appending(path: "templates").path]),
            folder: folder)
        for (placeholder, upstream) in zip(placeholders, upstreams) {
            guard text.contains("server=\(placeholder)#53\n") else {
                throw BedError("the configuration does not contain the server \(placeholder):\n\(text)")
            }
            text = text.replacing("server=\(placeholder)#53\n", with: "server=127.0.0.1#\(upstream.port)\n")
        }
        if answersLoopback {
            let rule = "bogus-nxdomain=127.0.0.0/8\n"
            guard text.contains(rule) else { throw BedError("the configuration does not contain \(rule)") }
            text = text.replacing(rule, with: "")
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
        return Sidecar(port: port, process: process)
    }
}
