import Foundation
import KubernetesAPI
import NginxConfig
import Routing

/// The shipped templates by name.
func shippedTemplates() throws -> [String: String] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../templates")
    var sources: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
        sources[file.deletingPathExtension().lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
    }
    return sources
}

func settings(servers: ServerForm = .separate) throws -> NginxSettings {
    NginxSettings(
        httpPort: try ServicePort(80), httpsPort: try ServicePort(443),
        capabilities: NginxCapabilities(
            hasHTTP2PerServer: false, rotatesTicketKeys: false, keepsIdleConnections: false, cachesCertificates: false),
        hsts: nil,
        installationID: try InstallationID("vault-ingress"),
        certificateFolder: try AbsolutePath("/run/vault-ingress/certificates"),
        certificateLinks: try AbsolutePath("/run/vault-ingress/live"), listenIPv6: true,
        resolver: try AddressAndPort("127.0.0.1", defaultPort: .dns), workerUser: try AccountName("www-data"),
        openFiles: 1024,
        pidFile: try AbsolutePath("/run/vault-ingress/nginx.pid"),
        socket: try AbsolutePath("/run/vault-ingress/nginx.sock"),
        emergencyLog: try AbsolutePath("/run/vault-ingress/nginx-emergency.log"),
        temporaryFolder: try AbsolutePath("/tmp/vault-ingress"), servers: servers)
}

func host(_ name: String, owner: String = "web", _ routes: [Route]) throws -> VirtualHost {
    VirtualHost(host: try Host(name), owner: OwnerRef(kind: .ingress, namespace: "shop", name: owner), routes: routes)
}

func exact(_ path: String, to service: String = "web") throws -> Route {
    Route(match: .exact(try RequestPath(path)), backend: try backend(service))
}

func prefix(_ path: String, to service: String = "web") throws -> Route {
    Route(match: .prefix(try RequestPath(path).withoutTrailingSlash), backend: try backend(service))
}

private func backend(_ service: String) throws -> Backend {
    .service(
        ObjectKey(namespace: "shop", name: service),
        address: try DNSName("\(service).shop.svc.cluster.local"), port: try ServicePort(80))
}

func configuration(_ hosts: [VirtualHost]) throws -> RenderedConfiguration {
    let renderer = ConfigurationRenderer(
        templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
    return renderer.render(Configuration(table: RoutingTable(hosts: hosts)))
}

func render(_ hosts: [VirtualHost]) throws -> String {
    try configuration(hosts).main
}

/// The trimmed lines of a host's server, from its `server_name` to the end of its locations.
func server(named name: String, in text: String) -> [String] {
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    return Array(
        lines.drop { $0 != "server_name \"\(name)\";" }.dropFirst()
            .prefix { !$0.hasPrefix("location @upstream_failed") })
}
