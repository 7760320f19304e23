import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct ManifestFileTests {
    private func read(_ text: String) throws(ManifestError) -> ManifestFile {
        try ManifestFile(text.bytes, name: "shop.yaml", created: Date(1000))
    }

    @Test("documents and lists are read, other kinds are ignored")
    func documents() throws {
        let file = try read(
            """
            # a comment alone is no document
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, creationTimestamp: 2026-01-31T03:12:45Z}
            spec:
              rules:
              - host: a.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            ---
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: {name: web, namespace: shop}
              spec: {ports: [{port: 80}]}
            - apiVersion: networking.k8s.io/v1
              kind: IngressClass
              metadata: {name: ours, namespace: ignored}
              spec: {controller: vault-ingress.io/controller}
            """)
        #expect(
            file.entries.map { "\($0.line) \($0.object.kind.rawValue) \($0.object.key)" } == [
                "3 Ingress default/web", "18 Service shop/web", "22 IngressClass ours",
            ])
        #expect(file.entries.map(\.isDated) == [true, false, false])
        #expect(file.entries[0].object.metadata.creationTimestamp == Date(1_769_829_165))
        #expect(file.entries[1].object.metadata.creationTimestamp == Date(1000))
        #expect(file.ignored == [.init(apiVersion: "apps/v1", kind: "Deployment", line: 11)])
    }

    @Test("JSON and typed lists, as `kubectl get -o json` and the API write them")
    func json() throws {
        let file = try read(
            """
            {\n\t"apiVersion": "extensions/v1beta1", "kind": "IngressList", "items": [
            \t{"metadata": {"name": "old", "creationTimestamp": null},
            \t "spec": {"backend": {"serviceName": "web", "servicePort": "80"}}}]}
            """)
        guard case .ingress(let ingress) = file.entries.first?.object else {
            Issue.record("no ingress: \(file)")
            return
        }
        #expect(ingress.spec.defaultBackend == .service(name: "web", port: .name("80")))
    }

    @Test(
        "the error of an invalid file has line, field, what was expected and what was found",
        arguments: [
            ("kind: Ingress\nmetadata: {name: a}", #"shop.yaml:1:1: expected a field "apiVersion", found none"#),
            ("apiVersion: v1\nkind: a: b", "shop.yaml:2:8: mapping values are not allowed in this context"),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {}",
                #"shop.yaml:3:11: metadata: expected a field "name", found none"#
            ),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: http",
                #"shop.yaml:6:11: spec.ports[0].port: expected a whole number, found "http""#
            ),
            (
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  rules: {}",
                "shop.yaml:5:10: spec.rules: expected a list, found a mapping"
            ),
            (
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  defaultBackend: {}",
                "shop.yaml:5:19: spec.defaultBackend: expected service or resource, found neither"
            ),
            (
                "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: [a]}",
                "shop.yaml:6:20: items[0].metadata.name: expected a single value, found a list"
            ),
            ("a: 1\na: 2\n", "shop.yaml:1:1: a field is written twice: a"),
            ("- 1", "shop.yaml:1:1: expected a mapping, found a list"),
            (
                "apiVersion: v1\nkind: Service\nmetadata: {name: a, creationTimestamp: soon}",
                #"shop.yaml:3:40: metadata.creationTimestamp: expected a time like 2026-01-31T03:12:45Z, found "soon""#
            ),
        ])
    func broken(text: String, message: String) {
        let error = #expect(throws: ManifestError.self) { try read(text) }
        #expect(error?.description == message)
    }

    @Test("bytes that are not UTF-8 are rejected")
    func utf8() {
        let error = #expect(throws: ManifestError.self) {
            try ManifestFile([0x61, 0xff], name: "x.yaml", created: Date(0))
        }
        #expect(error?.description == "x.yaml:1:1: expected UTF-8, found other bytes")
    }

    @Test("an empty text is not an error", arguments: ["", "---\n", "# nothing\n", "null"])
    func empty(text: String) throws {
        #expect(try read(text).entries == [])
    }

    @Test("equal bytes give equal uid and resourceVersion; an edit changes the resourceVersion")
    func deterministic() throws {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
        let (first, second, edited) = (try read(text), try read(text), try read(text + "# edited\n"))
        #expect(first == second)
        #expect(first.entries[0].object.metadata.uid == edited.entries[0].object.metadata.uid)
        #expect(
            first.entries[0].object.metadata.resourceVersion != edited.entries[0].object.metadata.resourceVersion)
    }

    @Test("an object in two files is used from the first, and the second is reported")
    func duplicates() throws {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: "
        let one = try ManifestFile((text + "One}").bytes, name: "1.yaml", created: Date(0))
        let two = try ManifestFile(("---\n" + text + "Two}").bytes, name: "2.yaml", created: Date(0))
        let set = ManifestSet([one, two])
        #expect(set.objects == [one.entries[0].object])
        #expect(
            set.duplicates.map(\.description) == [
                "2.yaml:2:1: Service default/a is already defined at 1.yaml:1, which is used"
            ])
    }
}
