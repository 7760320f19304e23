internal import Routing

/// The variables of one server.
extension ConfigurationRenderer {
    func server(_ host: VirtualHost, _ tls: HostTLS, _ choices: UpstreamChoices) -> TemplateContext {
        let own = host.settings
        // A closed host answers 503 over http too.
        let redirect = own.closedBy == nil ? own.redirect : nil
        var fields: [TemplateName: TemplateField] = [
            .serverName: .value(ServerName(host: host.host)),
            .host: .value(HostText(host: host.host)),
            .owner: .value(OwnerName(host.owner)),
            .isCatchAll: .flag(host.host == .catchAll),
            .isHTTPSOnly: .flag(redirect != nil),
            .affinity: .flag(own.affinity),
            .keepsMethod: .flag(redirect == .permanentRedirect),
            .hasContent: .flag(redirect == nil || tls != .absent),
            .listensTLS: .flag(tls != .absent),
            .sslRejectHandshake: .flag(tls == .rejected),
            .sslCertificate: .flag(false), .additionalSSLCertificates: .list([]),
            .http2: .flag(own.http2 && settings.capabilities.hasHTTP2PerServer),
            .isGRPC: .flag(own.backendProtocol.isGRPC),
            .strictTransport: .optional(strictTransport(of: host).map(Count.init)),
            .locations: .list(
                host.locations.map { location($0, own.backendProtocol, choices) }),
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
        return TemplateContext(
            fields.merging(own.limits(htpasswdFolder: settings.htpasswdFolder)) { first, _ in first })
    }

    /// The max-age of `Strict-Transport-Security` in seconds; nil for no header.
    func strictTransport(of host: VirtualHost) -> Int? {
        switch host.settings.hsts {
        case .off: nil
        case .seconds(let seconds): seconds
        case nil: settings.hsts.map { Int($0.components.seconds) }
        }
    }

    private func location(
        _ location: Location, _ backendProtocol: BackendProtocol, _ choices: UpstreamChoices
    ) -> TemplateContext {
        var fields: [TemplateName: TemplateField] = [
            .isExact: .flag(location.isExact), .location: .value(location.path),
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
