public import Routing

/// Turns a routing table into nginx's files. A pure function: same table and settings, same bytes.
public struct ConfigurationRenderer: Sendable {
    private let templates: TemplateSet
    private let settings: NginxSettings

    public init(templates: TemplateSet, settings: NginxSettings) {
        self.templates = templates
        self.settings = settings
    }

    public func render(_ table: RoutingTable) -> ConfigurationFiles {
        let context = TemplateContext([
            .workerUser: .optional(settings.workerUser),
            .openFiles: .value(Count(number: settings.openFiles)),
            .connections: .value(Count(number: settings.openFiles / 2)),
            .pidFile: .value(settings.pidFile),
            .emergencyLog: .value(settings.emergencyLog),
            .temporaryFolder: .value(settings.temporaryFolder),
            .resolver: .value(settings.resolver),
            .httpPort: .value(settings.httpPort),
            .listenIPv6: .flag(settings.listenIPv6),
            .hasCatchAll: .flag(table.hosts.contains { $0.host == .catchAll }),
            .servers: .list(table.hosts.map(server)),
        ])
        return ConfigurationFiles(contents: [
            ConfigurationFiles.main: templates.render(context, with: ConfigurationFiles.main),
            ConfigurationFiles.listing: RouteListing.text(of: table),
        ])
    }

    /// The file by which the live generation is recognised: a server on the unix socket that answers its number.
    public func marker(generation: Int) -> String {
        let context = TemplateContext([
            .socket: .value(settings.socket), .generation: .value(Count(number: generation)),
        ])
        return templates.render(context, with: ConfigurationFiles.marker)
    }

    private func server(_ host: HostRoutes) -> TemplateContext {
        TemplateContext([
            .serverName: .value(ServerName(host: host.host)),
            .owner: .value(OwnerName(key: host.owner)),
            .isCatchAll: .flag(host.host == .catchAll),
            .locations: .list(host.locations.map(location)),
        ])
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
