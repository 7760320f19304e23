public import Routing

/// Turns a routing table into nginx's files. A pure function: same table and settings, same bytes.
public struct ConfigurationRenderer: Sendable {
    private let templates: TemplateSet
    private let settings: NginxSettings

    public init(templates: TemplateSet, settings: NginxSettings) {
        self.templates = templates
        self.settings = settings
    }

    public func render(_ table: RoutingTable, _ certificates: CertificateSet = CertificateSet()) -> ConfigurationFiles {
        let tls = table.tls(with: certificates)
        let catchAll = table.hosts.first { $0.host == .catchAll }
        let http2ByListener = !settings.capabilities.hasHTTP2PerServer && table.hosts.contains { $0.needs.http2 }
        let context = TemplateContext([
            .workerUser: .optional(settings.workerUser),
            .openFiles: .value(Count(number: settings.openFiles)),
            .connections: .value(Count(number: settings.openFiles / 2)),
            .pidFile: .value(settings.pidFile),
            .emergencyLog: .value(settings.emergencyLog),
            .temporaryFolder: .value(settings.temporaryFolder),
            .resolver: .value(settings.resolver),
            .httpPort: .value(settings.httpPort),
            .httpsPort: .value(settings.httpsPort),
            .redirectPort: .optional(settings.httpsPort.number == 443 ? nil : settings.httpsPort),
            .hsts: .optional(settings.hsts.map { Count(number: Int($0.components.seconds)) }),
            .ticketKeysRotate: .flag(settings.capabilities.rotatesTicketKeys),
            .http2ByListener: .flag(http2ByListener),
            .listenIPv6: .flag(settings.listenIPv6),
            .hasCatchAll: .flag(catchAll != nil),
            .servesTLSCatchAll: .flag(catchAll.flatMap { tls[$0.host] }.map { $0 != .absent } ?? false),
            .defaultCertificate: .optional(certificates.fallback.map { certificateFile($0, "crt") }),
            .defaultKey: .optional(certificates.fallback.map { certificateFile($0, "key") }),
            .servers: .list(table.hosts.map { server($0, tls[$0.host] ?? .absent) }),
        ])
        return ConfigurationFiles(contents: [
            ConfigurationFiles.main: templates.render(context, with: ConfigurationFiles.main),
            ConfigurationFiles.listing: RouteListing.text(of: table),
            ConfigurationFiles.certificateListing: CertificateListing.text(of: table, certificates),
        ])
    }

    /// The file by which the live generation is recognised: a server on the unix socket that answers its number.
    public func marker(generation: Int) -> String {
        let context = TemplateContext([
            .socket: .value(settings.socket), .generation: .value(Count(number: generation)),
        ])
        return templates.render(context, with: ConfigurationFiles.marker)
    }

    private func server(_ host: HostRoutes, _ tls: HostTLS) -> TemplateContext {
        var fields: [TemplateName: TemplateField] = [
            .serverName: .value(ServerName(host: host.host)),
            .owner: .value(OwnerName(key: host.owner)),
            .isCatchAll: .flag(host.host == .catchAll),
            .isHTTPSOnly: .flag(host.needs.httpsOnly),
            .hasContent: .flag(!host.needs.httpsOnly || tls != .absent),
            .listensTLS: .flag(tls != .absent),
            .refusesTLS: .flag(tls == .refused),
            .certificate: .flag(false),
            .http2: .flag(host.needs.http2 && settings.capabilities.hasHTTP2PerServer),
            .locations: .list(host.locations.map(location)),
        ]
        if case .served(let certificate) = tls {
            fields[.certificate] = .value(certificateFile(certificate, "crt"))
            fields[.key] = .value(certificateFile(certificate, "key"))
        }
        return TemplateContext(fields)
    }

    private func certificateFile(_ certificate: ServedCertificate, _ suffix: String) -> CertificateFile {
        CertificateFile(folder: settings.certificateFolder, address: certificate.address, suffix: suffix)
    }

    private func location(_ location: Location) -> TemplateContext {
        var fields: [TemplateName: TemplateField] = [
            .isExact: .flag(location.isExact),
            .path: .value(location.path),
            .isRouted: .flag(location.backend != nil),
            .isAvailable: .flag(false),
        ]
        if case .service(_, let address, let port) = location.backend {
            fields[.isAvailable] = .flag(true)
            fields[.address] = .value(address)
            fields[.port] = .value(port)
        }
        return TemplateContext(fields)
    }
}

private struct Count: ConfigurationValue {
    let number: Int

    var configurationText: String { String(number) }
}

private struct CertificateFile: ConfigurationValue {
    let folder: AbsolutePath
    let address: ContentAddress
    let suffix: String

    var configurationText: String { "\(folder)/\(address).\(suffix)" }
}
