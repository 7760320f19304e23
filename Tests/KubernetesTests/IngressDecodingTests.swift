import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct IngressDecodingTests {
    @Test("all fields of a v1 Ingress are read")
    func v1() throws {
        let ingress: Ingress = try decode(
            """
            {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web","namespace":"shop"},
             "spec":{"ingressClassName":"vault-ingress",
               "defaultBackend":{"service":{"name":"fallback","port":{"name":"http"}}},
               "tls":[{"hosts":["a.example.com"],"secretName":"s"},{}],
               "rules":[{"host":"a.example.com","http":{"paths":[
                 {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}},
                 {"backend":{"resource":{"apiGroup":"k8s.example.com","kind":"Bucket","name":"static"}}}]}}]},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}
            """)
        #expect(ingress.key == ObjectKey(namespace: "shop", name: "web"))
        #expect(
            ingress.spec
                == Ingress.Spec(
                    ingressClassName: "vault-ingress",
                    defaultBackend: .service(name: "fallback", port: .name("http")),
                    tls: [.init(hosts: ["a.example.com"], secretName: "s"), .init()],
                    rules: [
                        .init(
                            host: "a.example.com",
                            paths: [
                                .init(
                                    path: "/", pathType: "Prefix", backend: .service(name: "web", port: .number(80))),
                                .init(backend: .resource("k8s.example.com/Bucket static")),
                            ])
                    ]))
    }

    @Test(
        "a v1beta1 backend becomes a v1 backend",
        arguments: [
            (#"{"serviceName":"web","servicePort":80}"#, Ingress.Backend.service(name: "web", port: .number(80))),
            (#"{"serviceName":"web","servicePort":"http"}"#, .service(name: "web", port: .name("http"))),
            (#"{"serviceName":"web","servicePort":"80"}"#, .service(name: "web", port: .name("80"))),
            (#"{"serviceName":"web"}"#, .service(name: "web", port: .absent)),
            (#"{"resource":{"kind":"Bucket","name":"b"}}"#, .resource("Bucket b")),
            (#"{"service":{"name":"web"}}"#, .service(name: "web", port: .absent)),
            (#"{"service":{"name":"web","port":{"number":0,"name":""}}}"#, .service(name: "web", port: .absent)),
        ])
    func backend(json: String, expected: Ingress.Backend) throws {
        #expect(try decode(json) as Ingress.Backend == expected)
        let spec: Ingress.Spec = try decode(#"{"backend":\#(json)}"#)
        #expect(spec.defaultBackend == expected)
    }

    @Test(
        "absent, null and unknown values do not reject an Ingress",
        arguments: [
            (#"{"metadata":{"name":"w"}}"#, Ingress.Spec()),
            (#"{"metadata":{"name":"w"},"spec":{"rules":null,"tls":null}}"#, .init()),
            (#"{"metadata":{"name":"w"},"spec":{"rules":[{"host":"a"}]}}"#, .init(rules: [.init(host: "a")])),
            (#"{"metadata":{"name":"w"},"spec":{"rules":[{"http":{"paths":null}}]}}"#, .init(rules: [.init()])),
            (
                #"{"metadata":{"name":"w"},"spec":{"new":1,"rules":[{"http":{"paths":[{"pathType":"Fuzzy","backend":{"service":{"name":"s"}}}]}}]}}"#,
                .init(
                    rules: [.init(paths: [.init(pathType: "Fuzzy", backend: .service(name: "s", port: .absent))])])
            ),
        ])
    func lenience(json: String, expected: Ingress.Spec) throws {
        let ingress: Ingress = try decode(json)
        #expect(ingress.spec == expected)
    }

    @Test("managedFields is reduced to the last writer, without status writes and this program's writes")
    func lastWriter() throws {
        let meta: ObjectMeta = try decode(
            """
            {"name":"web","managedFields":[
              {"manager":"kubectl","operation":"Update","time":"2026-01-31T03:12:45Z","fieldsV1":{"f:spec":{}}},
              {"manager":"helm","operation":"Update","time":"2026-01-30T03:12:45Z"},
              {"manager":"node-agent","operation":"Update","time":"2026-02-01T00:00:00Z","subresource":"status"},
              {"manager":"vault-ingress","operation":"Update","time":"2026-02-02T00:00:00Z"},
              {"manager":"vault-ingress-edge/two","operation":"Update","time":"2026-02-03T00:00:00Z"}]}
            """)
        #expect(meta.lastWriter == .init(manager: "kubectl", time: .init(1_769_829_165)))
        let tied: ObjectMeta = try decode(
            """
            {"name":"web","managedFields":[
              {"manager":"a","operation":"Update","time":"2026-01-31T03:12:45Z"},
              {"manager":"b","operation":"Update","time":"2026-01-31T03:12:45Z"}]}
            """)
        #expect(tied.lastWriter?.manager == "b")
        let untouched: ObjectMeta = try decode(#"{"name":"web"}"#)
        #expect(untouched.lastWriter == nil)
    }

    @Test(
        "times are RFC 3339",
        arguments: [
            ("2026-01-31T03:12:45Z", 1_769_829_165.0), ("2026-01-31T04:12:45+01:00", 1_769_829_165),
            ("2026-01-31T03:12:45.500000Z", 1_769_829_165.5),
        ])
    func time(text: String, seconds: Double) {
        #expect(RFC3339(text)?.date.timeIntervalSince1970 == seconds)
    }

    @Test("an invalid time is rejected", arguments: ["", "yesterday", "2026-13-01T00:00:00Z"])
    func noTime(text: String) {
        #expect(RFC3339(text) == nil)
    }
}
