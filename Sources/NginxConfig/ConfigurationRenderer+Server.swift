internal import Routing

/// One host.
extension ConfigurationRenderer {
    func server(_ host: VirtualHost, _ tls: HostTLS, _ choices: UpstreamChoices) -> TemplateContext {
        let own = host.settings
        var fields: [TemplateName: TemplateField] = [
            .serverName: .value(ServerName(host: host.host)),
            .site: .value(SiteName(host: host.host)),
            .owner: .value(OwnerName(host.owner)),
            .isCatchAll: .flag(host.host == .catchAll),
            .isHTTPSOnly: .flag(own.redirect != nil),
            .affinity: .flag(own.affinity),
            .keepsMethod: .flag(own.redirect == .permanentRedirect),
            .hasContent: .flag(own.redirect == nil || tls != .absent),
            .listensTLS: .flag(tls != .absent),
            .refusesTLS: .flag(tls == .refused),
            .certificate: .flag(false),
            .http2: .flag(own.http2 && settings.capabilities.hasHTTP2PerServer),
            .isGRPC: .flag(own.backendProtocol.isGRPC),
            .strictTransport: .optional(strictTransport(of: host).map(Count.init)),
            .locations: .list(
                host.locations.map { location($0, own.backendProtocol, choices) }),
        ]
        if case .served(let certificate) = tls {
            fields[.certificate] = .value(certificateFile(certificate, "crt"))
            fields[.key] = .value(certificateFile(certificate, "key"))
        }
        return TemplateContext(fields.merging(limits(own)) { first, _ in first })
    }

    /// Seconds that browsers are told to insist on https; nil for not at all.
    func strictTransport(of host: VirtualHost) -> Int? {
        switch host.settings.hsts {
        case .off: nil
        case .seconds(let seconds): seconds
        case nil: settings.hsts.map { Int($0.components.seconds) }
        }
    }

    private func limits(_ settings: HostSettings) -> [TemplateName: TemplateField] {
        [
            .isClosed: .flag(settings.basicAuth == .nobody),
            .userFile: .optional(
                settings.basicAuth?.users.map { HtpasswdFile(folder: self.settings.htpasswdFolder, path: $0) }),
            .bodySize: .optional(settings.bodySize),
            .connectTimeout: .optional(settings.connectTimeout.map(Milliseconds.init)),
            .readTimeout: .optional(settings.readTimeout.map(Milliseconds.init)),
            .sendTimeout: .optional(settings.sendTimeout.map(Milliseconds.init)),
            .silenceTimeout: .optional(settings.silenceTimeout.map(Milliseconds.init)),
            .isUnbuffered: .flag(settings.buffering == false),
            .streamsRequests: .flag(settings.streamsRequests),
            .isRestricted: .flag(settings.allowFrom != nil),
            .allowFrom: .list((settings.allowFrom ?? []).map { TemplateContext([.range: .value($0)]) }),
            .rateLimit: .optional(settings.rateLimit.map { Count(number: $0.perSecond) }),
        ]
    }

    private func location(
        _ location: Location, _ backendProtocol: BackendProtocol, _ choices: UpstreamChoices
    ) -> TemplateContext {
        var fields: [TemplateName: TemplateField] = [
            .isExact: .flag(location.isExact), .path: .value(location.path),
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
                fields[.pathPattern] = .value(PathPattern(path: location.path))
                fields[.rewrittenPath] = .value(location.isExact ? path : path.withTrailingSlash)
            }
        }
        return TemplateContext(fields)
    }
}

extension HostSettings {
    /// A body of gigabytes is not kept on the disk of all, unless its owner says so.
    fileprivate var streamsRequests: Bool {
        guard let buffering else { return (bodySize?.bytes ?? 0) > 1 << 30 }
        return !buffering
    }

    /// How long a gRPC client may be silent in its stream, where that is longer than nginx's own 60 s: nginx takes a
    /// stream for a body that is being sent, and breaks it off.
    fileprivate var silenceTimeout: Duration? {
        guard backendProtocol.isGRPC, let readTimeout, readTimeout > .seconds(60) else { return nil }
        return readTimeout
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
