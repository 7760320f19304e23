import Escaping
import KubernetesAPI
import NginxConfig
import NginxLexer
import Routing
import Testing

@Suite("Escaping: nginx reads the directives of the templates and no others")
struct EscapingTests {
    /// A context with every variable.
    private static let sample = Result {
        let renderer = ConfigurationRenderer(
            templates: try TemplateSet(sources: shippedTemplates()), settings: try settings())
        var objects = HostileObjects()
        objects.ingress.metadata.labels = ["ssl": "true", "deployment_method": "bluegreen"]
        for annotation in Annotation.allCases where annotation != .split {
            objects.ingress.metadata.annotations[annotation.name] = annotation.description.example
        }
        objects.ingress.metadata.annotations[Annotation.split.name] = "web=90,web-v1=10"
        let router = Router(
            options: RoutingOptions(
                ingressClass: "", requireIngressClass: false, clusterDomain: try DNSName("cluster.local")))
        let table = router.route(objects.snapshot).table
        let certificate = ServedCertificate(
            address: try ContentAddress(String(repeating: "a", count: 64)), notBefore: 0, notAfter: 1,
            source: .vault("secret/ssl/a"),
            version: nil)
        let certificates = CertificateSet(
            byHost: Dictionary(uniqueKeysWithValues: table.hosts.map { ($0.host, certificate) }), fallback: certificate)
        return renderer.context(table, certificates)
    }
    private static let proof = Result { try RoutedProof() }

    @Test("any text in place of every value stays in its word", arguments: 0..<20 as Range<UInt64>)
    func escaping(seed: UInt64) throws {
        let proof = EscapingProof(templates: try TemplateSet(sources: shippedTemplates()))
        let sample = try Self.sample.get()
        var generator = SeededGenerator(seed: seed)
        for round in 0..<5 {
            // A word must fit nginx's buffer; types limit the length of their values.
            let context = sample.replacingValues { _, _ in
                RawValue(String(HostileText.next(&generator).unicodeScalars.prefix(40)))
            }
            #expect(throws: Never.self, "seed \(seed), round \(round)") { try proof.check(context) }
        }
    }

    @Test("a place where nginx looks for variables is detected if it is escaped as if it did not")
    func wrongPlace() throws {
        var sources = try shippedTemplates()
        sources["generation.conf"] = "{{%CONTENT_TYPE:NGINX_NAME}}set $x \"{{owner}}\";\n"
        let proof = EscapingProof(templates: try TemplateSet(sources: sources))
        #expect(throws: EscapingProof.Violation.self) {
            try proof.check(TemplateContext([.owner: .value(RawValue("x"))]), template: "generation.conf")
        }
    }

    @Test(
        "any text in any field of an Ingress or a Service stays in its word", arguments: HostileObjects.fields.indices)
    func fields(index: Int) throws {
        let proof = try Self.proof.get()
        let field = HostileObjects.fields[index]
        var generator = SeededGenerator(seed: UInt64(index))
        for round in 0..<20 {
            let text = round % 4 == 3 ? HostileText.path(&generator) : HostileText.next(&generator)
            var objects = HostileObjects()
            // Rewritten paths and blue-green have forms of their own.
            if round % 2 == 0 { objects.ingress.metadata.annotations[Annotation.rewritePrefix.name] = "/new$" }
            if round % 3 == 0 { objects.ingress.metadata.labels["deployment_method"] = "bluegreen" }
            field.put(text, &objects)
            #expect(throws: Never.self, "\(field.name): \(text.debugDescription)") { try proof.check(objects.snapshot) }
        }
    }

    @Test("any text in several fields at once stays in its words", arguments: 0..<20 as Range<UInt64>)
    func combined(seed: UInt64) throws {
        let proof = try Self.proof.get()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            var objects = HostileObjects()
            var put: [String] = []
            for _ in 0..<Int.random(in: 2...6, using: &generator) {
                let field = HostileObjects.fields[Int.random(in: 0..<HostileObjects.fields.count, using: &generator)]
                let text = HostileText.next(&generator)
                put.append("\(field.name): \(text.debugDescription)")
                field.put(text, &objects)
            }
            #expect(throws: Never.self, "\(put)") { try proof.check(objects.snapshot) }
        }
    }

    @Test(
        "the longest valid values fit nginx's buffer",
        arguments: ["$", "\"", "\\", "!", "é", "a"], ["rewrite-prefix", "app-root", "path", "allow-from"])
    func longest(piece: String, place: String) throws {
        let proof = try Self.proof.get()
        var objects = HostileObjects()
        let count = piece == "$" ? 31 : 511 / piece.utf8.count
        let path = "/" + String(repeating: piece, count: count)
        #expect(throws: Never.self) { try RequestPath(path) }
        objects.ingress.spec.rules[0].paths[0].path = path
        objects.ingress.spec.rules[0].paths[1].path = path
        objects.ingress.spec.rules[0].paths[1].pathType = "Exact"
        objects.ingress.metadata.annotations[Annotation.prefix + place] = path
        #expect(throws: Never.self) { try proof.check(objects.snapshot) }
    }

    @Test("no template uses a numbered capture of a regular expression")
    func captures() throws {
        for (name, text) in try shippedTemplates() where name.hasSuffix(".conf") && name != "dnsmasq.conf" {
            #expect(text.firstMatch(of: #/\$[0-9]/#) == nil, "\(name)")
        }
    }
}
