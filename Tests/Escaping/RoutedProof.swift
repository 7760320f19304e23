import Foundation
package import KubernetesAPI
import NginxConfig
package import NginxLexer
import Routing

/// The check of the whole path from a snapshot of the cluster to what nginx reads.
package struct RoutedProof: Sendable {
    private let router: Router
    /// One for each form of servers.
    private let renderers: [ConfigurationRenderer]
    private let proof: EscapingProof

    /// With the shipped templates, except the page.
    ///
    /// - Parameter folder: the folder of the files that the configuration names.
    package init(folder files: String = "/run/vault-ingress") throws {
        var sources: [String: String] = [:]
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../templates")
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            sources[file.deletingPathExtension().lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        // Equal for every input, and longer than the rest.
        sources["error_page.html"] = "{{requestId}}"
        let templates = try TemplateSet(sources: sources)
        proof = EscapingProof(templates: templates)
        router = Router(
            options: RoutingOptions(
                ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local")))
        renderers = try ServerForm.allCases.map {
            ConfigurationRenderer(templates: templates, settings: try Self.settings(folder: files, servers: $0))
        }
    }

    private static func settings(folder: String, servers: ServerForm) throws -> NginxSettings {
        NginxSettings(
            httpPort: try ServicePort(8080), httpsPort: try ServicePort(8443),
            capabilities: NginxCapabilities(
                hasHTTP2PerServer: false, rotatesTicketKeys: false, keepsIdleConnections: false,
                cachesCertificates: false), hsts: nil,
            installationID: try InstallationID("vault-ingress"),
            certificateFolder: try AbsolutePath(folder + "/certificates"),
            certificateLinks: try AbsolutePath(folder + "/live"), listenIPv6: false,
            resolver: try AddressAndPort("127.0.0.1", defaultPort: .dns), workerUser: nil, openFiles: 1024,
            pidFile: try AbsolutePath(folder + "/nginx.pid"),
            socket: try AbsolutePath(folder + "/nginx.sock"),
            emergencyLog: try AbsolutePath(folder + "/emergency.log"),
            temporaryFolder: try AbsolutePath(folder), servers: servers)
    }

    /// - Throws: `EscapingProof.Violation`.
    @discardableResult
    package func check(_ snapshot: Snapshot) throws(EscapingProof.Violation) -> [NginxStatement] {
        let result = router.route(snapshot)
        // Each rejection is one line.
        for rejection in result.rejections
        where rejection.description.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw EscapingProof.Violation(
                description: "a rejection has control characters: \(rejection.detail.debugDescription)")
        }
        var statements: [NginxStatement] = []
        for renderer in renderers { statements += try check(result, renderer) }
        return statements
    }

    private func check(
        _ result: Router.Result, _ renderer: ConfigurationRenderer
    ) throws(EscapingProof.Violation) -> [NginxStatement] {
        let context = renderer.context(result.table)
        var control: String?
        _ = context.replacingValues { name, value in
            // The page may have several lines.
            if name != .text,
                value.configurationText.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
            {
                control = "\(name) is \(value.configurationText.debugDescription)"
            }
            return value
        }
        if let control { throw EscapingProof.Violation(description: "a value has control characters: \(control)") }
        let listing = renderer.render(Configuration(table: result.table)).listings["routes.txt"] ?? ""
        let lines = listing.split(separator: "\n").filter { !$0.hasPrefix("#") }
        guard lines.count == result.table.hosts.count else {
            throw EscapingProof.Violation(
                description: "the listing has \(lines.count) lines for \(result.table.hosts.count) hosts")
        }
        return try proof.check(context)
    }

    /// The files of a generation, in the default form.
    package func files(_ snapshot: Snapshot) -> [String: String] {
        guard let renderer = renderers.first else { return [:] }
        return [
            GenerationFile.main: renderer.render(Configuration(table: router.route(snapshot).table)).main,
            GenerationFile.marker: renderer.marker(generation: 1),
        ]
    }
}
