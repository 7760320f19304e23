internal import Routing

/// The variables of one server.
extension ConfigurationRenderer {
    /// A server of one host.
    func server(_ host: VirtualHost, _ tls: HostTLS, _ choices: UpstreamChoices) -> TemplateContext {
        var fields = common(host, tls)
        fields[.isShared] = .flag(false)
        fields[.serverNames] = .list([TemplateContext([.serverName: .value(ServerName(host: host.host))])])
        fields[.owner] = .value(OwnerName(host.owner))
        fields[.locations] = .list(host.locations.map { location($0, host.settings.backendProtocol, choices) })
        return TemplateContext(fields)
    }

    /// The server of hosts that share one. What differs is in maps.
    ///
    /// - Parameter hosts: equal in everything that is not in a map.
    func sharedServer(_ hosts: [VirtualHost], _ tls: [Host: HostTLS]) -> TemplateContext? {
        guard let first = hosts.first else { return nil }
        var fields = common(first, tls[first.host] ?? .absent)
        fields[.isShared] = .flag(true)
        fields[.serverNames] = .list(
            hosts.map { TemplateContext([.serverName: .value(ServerName(host: $0.host))]) })
        var location: [TemplateName: TemplateField] = [
            .isShared: .flag(true), .isByPath: .flag(first.hasPaths), .isExact: .flag(false),
            .location: first.hasPaths ? .value(SharedPathPattern()) : .value(RequestPath.root),
            .isRouted: .flag(true), .isAvailable: .flag(true),
        ]
        for name in BackendProtocol.allCases {
            location[name.templateName] = .flag(name == first.settings.backendProtocol)
        }
        fields[.locations] = .list([TemplateContext(location)])
        return TemplateContext(fields)
    }

    /// The variables that depend on the settings and on the kind of certificate.
    private func common(_ host: VirtualHost, _ tls: HostTLS) -> [TemplateName: TemplateField] {
        let own = host.settings
        // A closed host answers 503 over http too.
        let redirect = own.closedBy == nil ? own.redirect : nil
        var fields: [TemplateName: TemplateField] = [
            .host: .value(HostText(host: host.host)),
            .isCatchAll: .flag(host.host == .catchAll),
            .isHTTPSOnly: .flag(redirect != nil),
            .affinity: .flag(own.affinity),
            .keepsMethod: .flag(redirect == .permanentRedirect),
            .hasContent: .flag(redirect == nil || tls != .absent),
            .listensTLS: .flag(tls != .absent),
            .sslRejectHandshake: .flag(tls == .rejected),
            .readsInHandshake: .flag(
                host.host != .catchAll && settings.certificateLoading.readsInHandshake(tls)),
            .certificateLinks: .value(settings.certificateLinks),
            .sslCertificate: .flag(false), .additionalSSLCertificates: .list([]),
            .http2: .flag(own.http2 && settings.capabilities.hasHTTP2PerServer),
            .isGRPC: .flag(own.backendProtocol.isGRPC),
            .strictTransport: .optional(settings.strictTransport(of: host).map(Count.init)),
        ]
        if case .served(let certificate) = tls {
            fields[.sslCertificate] = .value(certificateFile(certificate.address, "crt"))
            fields[.sslCertificateKey] = .value(certificateFile(certificate.address, "key"))
            fields[.additionalSSLCertificates] = .list(
                certificate.additional.map { address in
                    TemplateContext([
                        .sslCertificate: .value(certificateFile(address, "crt")),
                        .sslCertificateKey: .value(certificateFile(address, "key")),
                    ])
                })
        }
        return fields.merging(own.limits(htpasswdFolder: settings.htpasswdFolder)) { first, _ in first }
    }

    private func location(
        _ location: Location, _ backendProtocol: BackendProtocol, _ choices: UpstreamChoices
    ) -> TemplateContext {
        var fields: [TemplateName: TemplateField] = [
            .isShared: .flag(false), .isByPath: .flag(false), .isExact: .flag(location.isExact),
            .location: .value(location.path),
            .isRouted: .flag(false), .isAvailable: .flag(false), .redirect: .flag(false), .isRewritten: .flag(false),
        ]
        for name in BackendProtocol.allCases {
            fields[name.templateName] = .flag(name == backendProtocol)
        }
        switch location.action {
        case .notFound: break
        case .redirect(let path): fields[.redirect] = .value(EncodedPath(path: path))
        case .pass(let backend, let path):
            fields[.isRouted] = .flag(true)
            fields[.isAvailable] = .flag(backend != .unavailable)
            fields.merge(upstream(backend, choices)) { _, new in new }
            if let path {
                fields[.isRewritten] = .flag(true)
                fields[.rewriteRegex] = .value(PathPattern(path: location.path))
                fields[.rewriteReplacement] = .value(location.isExact ? path : path.withTrailingSlash)
            }
        }
        return TemplateContext(fields)
    }
}

extension NginxSettings {
    /// The max-age of `Strict-Transport-Security` in seconds; nil for no header.
    func strictTransport(of host: VirtualHost) -> Int? {
        switch host.settings.hsts {
        case .off: nil
        case .seconds(let seconds): seconds
        case nil: hsts.map { Int($0.components.seconds) }
        }
    }
}

extension BackendProtocol {
    fileprivate var templateName: TemplateName {
        switch self {
        case .http: .passesHTTP
        case .https: .passesHTTPS
        case .grpc: .passesGRPC
        case .grpcs: .passesGRPCS
        }
    }
}
