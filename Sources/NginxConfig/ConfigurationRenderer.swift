package import Routing

/// Renders nginx's files: equal tables and settings give equal bytes.
public struct ConfigurationRenderer: Sendable {
    private let templates: TemplateSet
    private let cache = LineCache()
    public let settings: NginxSettings

    public init(templates: TemplateSet, settings: NginxSettings) {
        self.templates = templates
        self.settings = settings
    }

    public func render(_ configuration: Configuration) -> RenderedConfiguration {
        RenderedConfiguration(
            configuration,
            main: templates.render(
                context(configuration.table, configuration.certificates), with: GenerationFile.main))
    }

    /// The variables of the main file's template.
    package func context(_ table: RoutingTable, _ certificates: CertificateSet = CertificateSet()) -> TemplateContext {
        let tls = table.tls(with: certificates)
        let catchAll = table.hosts.first { $0.host == .catchAll }
        let http2ByListener = !settings.capabilities.hasHTTP2PerServer && table.hosts.contains { $0.settings.http2 }
        let choices = UpstreamChoices(table)
        let servers = SharedServers(table, tls, settings)
        let fields: [TemplateName: TemplateField] = [
            .user: .optional(settings.workerUser),
            .workerRlimitNofile: .value(Count(number: settings.openFiles)),
            .workerConnections: .value(Count(number: min(settings.workerConnections, settings.openFiles))),
            .largeClientHeaderBuffers: .value(Count(number: settings.requestHeaders.buffers)),
            .largeClientHeaderBufferSize: .value(Count(number: settings.requestHeaders.line)),
            .pid: .value(settings.pidFile),
            .errorLog: .value(settings.emergencyLog),
            .temporaryFolder: .value(settings.temporaryFolder),
            .resolver: .value(settings.resolver),
            .cdnLoop: .value(settings.installationID),
            .cdnLoopPattern: .value(InstallationIDPattern(id: settings.installationID)),
            .httpPort: .value(settings.httpPort),
            .httpsPort: .value(settings.httpsPort),
            .redirectPort: .optional(settings.httpsPort.number == 443 ? nil : settings.httpsPort),
            .strictTransports: .list(
                Set(table.hosts.compactMap(settings.strictTransport)).sorted().map {
                    TemplateContext([.strictTransport: .value(Count(number: $0))])
                }),
            .limitReqZones: .list(
                table.hosts.compactMap { host in
                    host.settings.rateLimit.map {
                        TemplateContext([
                            .host: .value(HostText(host: host.host)),
                            .limitReqRate: .value(Count(number: $0.perSecond)),
                        ])
                    }
                }),
            .groups: .list(groups(choices)),
            .errorPages: .list(templates.errorPages.map(\.context)),
            .splits: .list(splits(choices)),
            .blueGreens: .list(blueGreens(choices)),
            .keepaliveMinTimeout: .flag(settings.capabilities.keepsIdleConnections),
            .sslCertificateCache: .flag(
                settings.certificateLoading == .dynamic && settings.capabilities.cachesCertificates),
            .pcreJIT: .flag(settings.capabilities.compilesPatterns),
            .sslSessionTickets: .flag(settings.capabilities.rotatesTicketKeys),
            .http2ByListener: .flag(http2ByListener),
            .listenIPv6: .flag(settings.listenIPv6),
            .hasCatchAll: .flag(catchAll != nil),
            .servesTLSCatchAll: .flag(catchAll.flatMap { tls[$0.host] }.map { $0 != .absent } ?? false),
            .defaultSSLCertificate: .optional(certificates.fallback.map { certificateFile($0.address, "crt") }),
            .defaultSSLCertificateKey: .optional(certificates.fallback.map { certificateFile($0.address, "key") }),
            .additionalDefaultSSLCertificates: .list(
                (certificates.fallback?.additional ?? []).map { address in
                    TemplateContext([
                        .defaultSSLCertificate: .value(certificateFile(address, "crt")),
                        .defaultSSLCertificateKey: .value(certificateFile(address, "key")),
                    ])
                }),
            .hasUnserved: .flag(!table.unserved.isEmpty),
            .unserved: .list(
                table.unserved.map { TemplateContext([.serverName: .value(ServerName(host: $0))]) }),
            .hasShared: .flag(!servers.shared.isEmpty),
            .servers: .list(
                servers.own.map { server($0, tls[$0.host] ?? .absent, choices) }
                    + servers.shared.compactMap { sharedServer($0, tls) }),
        ]
        let shared = servers.shared.flatMap(\.self).sorted { $0.host < $1.host }
        return TemplateContext(
            fields.merging(maps(shared, choices)) { $1 }.merging(certificateMaps(shared, tls)) { $1 })
    }

    /// The file by which the live generation is recognised: a server on the unix socket that answers its number.
    public func marker(generation: Int) -> String {
        let context = TemplateContext([
            .socket: .value(settings.socket), .generation: .value(Count(number: generation)),
        ])
        return templates.render(context, with: GenerationFile.marker)
    }

    /// A list in `maps.conf`, with a context for each line.
    func lines(_ contexts: [TemplateContext]) -> TemplateField {
        templates.hasPlainLines ? .lines(contexts, cache) : .list(contexts)
    }

    func certificateFile(_ address: ContentAddress, _ suffix: String) -> CertificateFile {
        CertificateFile(folder: settings.certificateFolder, address: address, suffix: suffix)
    }
}

struct CertificateFile: ConfigurationValue {
    let folder: AbsolutePath
    let address: ContentAddress
    let suffix: String

    var configurationText: String { "\(folder)/\(address).\(suffix)" }
}
