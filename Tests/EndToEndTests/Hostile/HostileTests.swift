import Foundation
import TestBed
import Testing

/// No Ingress affects a neighbour. There is one Ingress for each class of published vulnerabilities of other
/// controllers.
@Suite("Hostile and broken Ingresses", .timeLimit(.minutes(5)))
struct HostileTests {
    @Test(
        "a neighbour stays served, new Ingresses go live, and no injected directive appears", arguments: [false, true])
    func hostile(isNewestNginx: Bool) async throws {
        let site = try await Site.make()
        let web = try site.service("web")
        try site.write("service.yaml", [web.manifest])
        try site.write(
            "neighbour.yaml",
            [site.ingress("neighbour", host: "neighbour.example.com", created: "2020-01-01T00:00:00Z")])
        // The new Ingresses are in the namespace of the hostile ones, which would use up its budget: here it is unlimited.
        let budgets = [
            "paths", "namespace-paths", "hosts", "namespace-hosts", "configuration-size",
            "namespace-configuration-size",
        ]
        let controller = try await site.start(
            flags: budgets.flatMap { ["--max-\($0)", "10000000"] }
                + (isNewestNginx ? ["--nginx", Tools.nginxCurrent] : []))
        try await controller.serves("neighbour.example.com")
        let known = try templateDirectives().union(directives(in: controller.liveConfiguration))
        #expect(known.isSuperset(of: ["server", "location", "proxy_pass", "return"]))
        #expect(HostileIngresses.all.count >= 60)

        for (number, hostile) in HostileIngresses.all.enumerated() {
            try site.write("hostile.yaml", hostile.manifests(site))
            let host = "new-\(number).example.com"
            try site.write("new-\(number).yaml", [site.ingress("new-\(number)", host: host)])
            do {
                try await controller.serves(host)
                let request = controller.request(host: "neighbour.example.com")
                #expect(try await controller.answer(request).serverAddress == web.address, "\(hostile.testDescription)")
            } catch {
                Issue.record("\(hostile.testDescription): \(error)")
            }
            let injected = try directives(in: controller.liveConfiguration).subtracting(known)
            #expect(injected.isEmpty, "\(hostile.testDescription)")
        }
        for generation in try controller.generations() {
            #expect(try directives(in: generation).subtracting(known).isEmpty)
        }
        await controller.stop()
    }

    @Test("an injected directive is detected")
    func lexer() throws {
        #expect(try directives(in: "a b; c \"d; e\" { f 'g'; } # h;\n\"i\" j;") == ["a", "c", "f", "i"])
        #expect(try directives(in: #"a "\"; b"; c ${d}e;"#) == ["a", "c"])
    }

    /// Every directive in the templates, including the lines of their maps and splits.
    private func templateDirectives() throws -> Set<String> {
        let folder = Tools.checkout.appending(path: "templates")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.contains(".conf.") && $0 != "dnsmasq.conf.mustache"
        }
        return try names.reduce(into: []) { known, name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            known.formUnion(try directives(in: text.replacing(#/\{\{[^}]*\}\}/#, with: "")))
        }
    }
}

extension HostileIngress {
    fileprivate func manifests(_ site: Site) -> [JSON] {
        let port = self.port ?? String(site.backend.port)
        let target = externalName == nil ? service : "external"
        let reference: JSON =
            resource
            ? ["resource": ["apiGroup": "x", "kind": .string(payload), "name": .string(payload)]]
            : [
                "service": [
                    "name": .string(target),
                    "port": Int(port).map { ["number": .integer($0)] } ?? ["name": .string(port)],
                ]
            ]
        let rules = (0..<paths).map { number -> JSON in
            [
                "path": .string(number == 0 ? path : "/\(number)"), "pathType": .string(pathType),
                "backend": reference,
            ]
        }
        let ingress: JSON = [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": [
                "name": .string(metadataName), "namespace": .string(namespace ?? site.namespace),
                "creationTimestamp": "2026-01-01T00:00:00Z",
                "labels": .object(labels.mapValues(JSON.string)),
                "annotations": .object(annotations.mapValues(JSON.string)),
            ],
            "spec": [
                "rules": .array(
                    ([host ?? "hostile.example.com"] + moreHosts).map {
                        ["host": .string($0), "http": ["paths": .array(rules)]]
                    }),
                "tls": [["hosts": [.string(host ?? "hostile.example.com")], "secretName": .string(payload)]],
            ],
        ]
        guard let externalName else { return [ingress] }
        return [
            ingress,
            [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": "external", "namespace": .string(site.namespace)],
                "spec": ["type": "ExternalName", "externalName": .string(externalName)],
            ],
        ]
    }
}

extension Controller {
    var liveConfiguration: String {
        get throws { try String(contentsOf: stateDir.appending(path: "current/nginx.conf"), encoding: .utf8) }
    }

    fileprivate func generations() throws -> [String] {
        let folder = stateDir.appending(path: "generations")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).map {
            try String(contentsOf: folder.appending(path: "\($0)/nginx.conf"), encoding: .utf8)
        }
    }
}
