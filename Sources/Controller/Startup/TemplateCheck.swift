internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
public import Nginx
public import NginxConfig
internal import Routing

/// The check at startup that nginx accepts what the templates render: an empty table, and a sample with each kind of
/// host and location and every setting.
public enum TemplateCheck {
    /// - Throws: `TemplateError` with nginx's message, and with the file and line of the template where they are known.
    public static func run(
        _ templates: TemplateSet, settings: NginxSettings, binary: NginxBinary, state: StateDirectory,
        store: GenerationStore
    ) async throws {
        let renderer = ConfigurationRenderer(templates: templates, settings: settings)
        for table in [RoutingTable(), try sample()] {
            let generation = try await store.write(renderer.render(Configuration(table: table))) {
                renderer.marker(generation: $0)
            }
            let problem = await binary.test(generation, state: state).problem
            let error = problem.map { describe($0, templates) }
            await store.discard(generation)
            if let error { throw error }
        }
    }

    private static func describe(_ problem: String, _ templates: TemplateSet) -> TemplateError {
        let message = NginxMessage(problem)
        guard let file = message?.file, let line = message?.line,
            let text = try? String(contentsOfFile: file, encoding: .utf8),
            let rendered = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(line - 1).first,
            let origin = templates.origin(ofRenderedLine: String(rendered))
        else {
            return TemplateError(file: "nginx.conf.mustache", line: nil, explanation: "nginx rejects it: \(problem)")
        }
        return TemplateError(
            file: origin.file, line: origin.line,
            explanation:
                "nginx rejects '\(rendered.drop(while: \.isWhitespace))': \(NginxMessage.withoutPlace(problem))")
    }

    private static func sample() throws -> RoutingTable {
        let service = ObjectKey(namespace: "sample", name: "sample")
        let owner = OwnerRef(ingress: service)
        let backend = Backend.service(
            service, address: try DNSName("sample.sample.svc.cluster.local"), port: try ServicePort(80))
        let split = Backend.split(
            [.init(weight: 1, backend: backend), .init(weight: 2, backend: backend)],
            by: try StickyKey("cookie:sample"))
        let pods = Backend.pods(
            of: service, address: try DNSName("sample.sample.svc.cluster.local"), port: try ServicePort(80))
        let balanced = try LoadBalancing.allCases.map {
            Backend.endpoints(
                of: service, address: try DNSName("sample.sample.svc.cluster.local"), port: try ServicePort(80),
                by: Balancing(method: $0))
        }
        let empty = Backend.endpoints(
            of: service, address: try DNSName("empty.sample.svc.cluster.local"), port: try ServicePort(80),
            by: Balancing())
        let addresses = try ["192.0.2.1", "2001:db8::1"].map {
            AddressAndPort(address: try IPAddress($0), port: try ServicePort(8080))
        }
        let routes =
            [
                Route(match: .exact(try RequestPath("/exact/")), backend: backend),
                Route(match: .prefix(try RequestPath("/prefix")), backend: backend),
                Route(match: .prefix(try RequestPath("/split")), backend: split),
                Route(match: .prefix(try RequestPath("/pods")), backend: pods),
                Route(
                    match: .prefix(try RequestPath("/split/pods")),
                    backend: .split(
                        [.init(weight: 1, backend: pods), .init(weight: 2, backend: backend)], by: .affinity)),
                Route(
                    match: .prefix(try RequestPath("/bluegreen")),
                    backend: .blueGreen(plain: split, blue: backend, green: .unavailable)),
                Route(match: .prefix(try RequestPath("/unavailable")), backend: .unavailable),
                Route(match: .prefix(try RequestPath("/empty")), backend: empty),
            ]
            + (try balanced.enumerated().map {
                Route(match: .prefix(try RequestPath("/balanced/\($0.offset)")), backend: $0.element)
            })
        var closed = HostSettings()
        closed.basicAuth = .nobody
        // A redirect instead of content; the hosts with content have every other setting.
        let redirected = HostSettings.examples
        let secure = HostSettings(tls: .vault, http2: true, redirect: .httpsOnly)
        let plain = try ["sample.example.com", "*.example.com", ""].map {
            VirtualHost(host: try Host($0), owner: owner, routes: routes)
        }
        let limited = try BackendProtocol.allCases.map {
            var settings = redirected
            settings.redirect = nil
            settings.backendProtocol = $0
            return VirtualHost(
                host: try Host("\($0).example.com"), owner: owner, routes: routes, settings: settings)
        }
        return RoutingTable(
            hosts: (plain + limited + [
                VirtualHost(host: try Host("secure.example.com"), owner: owner, routes: [], settings: secure),
                VirtualHost(
                    host: try Host("redirected.example.com"), owner: owner, routes: routes, settings: redirected),
                VirtualHost(
                    host: try Host("closed.example.com"), owner: owner, routes: routes,
                    settings: closed),
            ]).sorted { $0.host < $1.host },
            pods: Dictionary(uniqueKeysWithValues: (balanced + [pods]).map { ($0, addresses) })
                .merging([empty: []]) { first, _ in first },
            unserved: try ["unserved.example.com", "*.unserved.example.com"].map { try Host($0) })
    }
}
