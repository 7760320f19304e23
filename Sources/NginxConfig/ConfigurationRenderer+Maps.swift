internal import Routing

/// The maps of the shared servers: one line for each host and path.
extension ConfigurationRenderer {
    func maps(_ hosts: [VirtualHost], _ choices: UpstreamChoices) -> [TemplateName: TemplateField] {
        let paths = SharedPaths(hosts)
        let depths = paths.depths
        return [
            .sharedHosts: lines(
                hosts.map { host in
                    TemplateContext(line: [
                        (.host, .value(HostText(host: host.host))), (.owner, .value(OwnerName(host.owner))),
                    ])
                }),
            .hostUpstreams: lines(
                hosts.compactMap { host in
                    host.rootBackend.map { rule(host.host, nil, .pass($0, path: nil), choices) }
                }),
            .hasPaths: .flag(!paths.exact.isEmpty),
            .exactPaths: lines(paths.exact.map { rule($0.host, $0.path, $0.action, choices) }),
            .deepest: .optional(depths.first.map(Count.init)),
            .prefixes: .list(
                zip(depths, depths.dropFirst().map(Optional.some) + [nil]).map { depth, next in
                    TemplateContext([
                        .depth: .value(Count(number: depth)), .next: .optional(next.map(Count.init)),
                        .elements: .list((1...depth).map { TemplateContext([.number: .value(Count(number: $0))]) }),
                        .rules: lines(
                            (paths.prefixes[depth] ?? []).map { rule($0.host, $0.path, $0.action, choices) }),
                    ])
                }),
        ]
    }

    /// The hosts whose certificates nginx reads in the handshake.
    func certificateMaps(_ shared: [VirtualHost], _ tls: [Host: HostTLS]) -> [TemplateName: TemplateField] {
        [
            .hasDynamicCertificates: .flag(tls.values.contains { settings.certificateLoading.readsInHandshake($0) }),
            .certificateNames: lines(
                shared.filter { settings.certificateLoading.readsInHandshake(tls[$0.host] ?? .absent) }
                    .map { TemplateContext(line: [(.host, .value(HostText(host: $0.host)))]) }),
        ]
    }

    private func rule(
        _ host: Host, _ path: RequestPath?, _ action: Location.Action, _ choices: UpstreamChoices
    ) -> TemplateContext {
        var backend = Backend.unavailable
        if case .pass(let found, _) = action { backend = found }
        let (address, split, blueGreen) = selected(backend, choices)
        return TemplateContext(line: [
            (.host, .value(HostText(host: host))), (.rulePath, .optional(path)),
            (.isNotFound, .flag(action == .notFound)),
            (.address, address), (.split, split), (.blueGreen, blueGreen),
        ])
    }
}

extension VirtualHost {
    /// The backend of the requests that no longer path matches; nil means 404.
    fileprivate var rootBackend: Backend? { routes.first { $0.match == .prefix(.root) }?.backend }
}
