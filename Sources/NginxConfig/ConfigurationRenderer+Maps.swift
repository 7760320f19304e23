internal import Routing

/// The maps of the shared servers: one line for each host and path.
extension ConfigurationRenderer {
    func maps(_ hosts: [VirtualHost], _ choices: UpstreamChoices) -> [TemplateName: TemplateField] {
        let paths = SharedPaths(hosts)
        let depths = paths.depths
        return [
            .sharedHosts: .list(
                hosts.map { host in
                    TemplateContext([
                        .host: .value(HostText(host: host.host)), .owner: .value(OwnerName(host.owner)),
                    ])
                }),
            .hostUpstreams: .list(
                hosts.compactMap { host in
                    host.rootBackend.map { rule(host.host, nil, .pass($0, path: nil), choices) }
                }),
            .hasPaths: .flag(!paths.exact.isEmpty),
            .exactPaths: .list(paths.exact.map { rule($0.host, $0.path, $0.action, choices) }),
            .deepest: .optional(depths.first.map(Count.init)),
            .prefixes: .list(
                zip(depths, depths.dropFirst().map(Optional.some) + [nil]).map { depth, next in
                    TemplateContext([
                        .depth: .value(Count(number: depth)), .next: .optional(next.map(Count.init)),
                        .elements: .list((1...depth).map { TemplateContext([.number: .value(Count(number: $0))]) }),
                        .rules: .list(
                            (paths.prefixes[depth] ?? []).map { rule($0.host, $0.path, $0.action, choices) }),
                    ])
                }),
        ]
    }

    /// The hosts whose certificates nginx reads in the handshake.
    func certificateMaps(_ shared: [VirtualHost], _ tls: [Host: HostTLS]) -> [TemplateName: TemplateField] {
        [
            .hasDynamicCertificates: .flag(tls.values.contains { settings.certificateLoading.readsInHandshake($0) }),
            .certificateNames: .list(
                shared.filter { settings.certificateLoading.readsInHandshake(tls[$0.host] ?? .absent) }
                    .map { TemplateContext([.host: .value(HostText(host: $0.host))]) }),
        ]
    }

    private func rule(
        _ host: Host, _ path: RequestPath?, _ action: Location.Action, _ choices: UpstreamChoices
    ) -> TemplateContext {
        var fields = upstream(.unavailable, choices)
        if case .pass(let backend, _) = action { fields = upstream(backend, choices) }
        fields[.host] = .value(HostText(host: host))
        fields[.rulePath] = .optional(path)
        fields[.isNotFound] = .flag(action == .notFound)
        return TemplateContext(fields)
    }
}

extension VirtualHost {
    /// The backend of the requests that no longer path matches; nil means 404.
    fileprivate var rootBackend: Backend? { routes.first { $0.match == .prefix(.root) }?.backend }
}
