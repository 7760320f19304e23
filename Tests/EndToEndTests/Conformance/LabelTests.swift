import Foundation
import HTTPClient
import TestBed
import Testing

extension ConformanceTests {
    /// Each label has the effect that docs/labels.md describes. The suite Vault tests `ssl`, `httpsOnly` and `http2`
    /// with certificates.
    @Suite("Labels") struct LabelTests {
        @Test("httpsBackend: TLS to the Service, with its name as SNI, without a check of its certificate")
        func httpsBackend() async throws {
            let site = try await Site.make()
            let authority = try await CertificateAuthority(folder: TemporaryFolder.make("ca"))
            let backend = try await Backend.start(
                folder: TemporaryFolder.make("tls-backend"),
                tls: try await authority.issue("old", names: ["DNS:elsewhere.test"], days: -1))
            let labelled = try site.host("label", port: backend.port, labels: ["httpsBackend": "true"])
            let annotated = try site.host(
                "annotation", port: backend.port, annotations: ["backend-protocol": "https"])
            let plain = try site.host("plain", port: backend.port, labels: ["httpsBackend": "false"])
            let controller = try await site.start()
            for (name, host) in [("label", labelled), ("annotation", annotated)] {
                let seen = try #require(try await controller.raw(host: host.name, target: "/x?y").seen)
                #expect(seen.tlsServerName == "\(name)-web.\(site.namespace).svc.cluster.local")
                #expect(seen.tlsProtocol == "TLSv1.3")
                #expect(seen.headers["host"] == host.name)
                #expect(seen.headers["x-forwarded-proto"] == "http")
                #expect(seen.uri == "/x?y")
            }
            // The response of a TLS port to plain http.
            #expect(try await controller.raw(host: plain.name).status == 400)
            await controller.stop()
            await backend.process.stop()
        }

        @Test("deployment_method bluegreen: the header selects one of three Services, with a port number or name")
        func blueGreen() async throws {
            let site = try await Site.make()
            let names = ["web", "web-blue", "web-green", "api", "api-blue"]
            let services = try names.map { try site.service($0) }
            let addresses = Dictionary(uniqueKeysWithValues: zip(names, services.map(\.address)))
            try site.write("services.yaml", services.map(\.manifest))
            var ingress = site.ingress("web", host: "web.example.com")
            ingress["metadata"]["labels"] = ["deployment_method": "bluegreen"]
            let path = { (path: String, service: String, port: JSON) -> JSON in
                [
                    "path": .string(path), "pathType": "Prefix",
                    "backend": ["service": ["name": .string(service), "port": port]],
                ]
            }
            let number: JSON = ["number": .integer(site.backend.port)]
            ingress["spec"]["rules"] = [
                [
                    "host": "web.example.com",
                    "http": ["paths": [path("/", "web", ["name": "http"]), path("/api", "api", number)]],
                ]
            ]
            try site.write("web.yaml", [ingress])
            let controller = try await site.start()
            for (target, header, expected) in [
                ("/", nil, "web"), ("/", "blue", "web-blue"), ("/", "green", "web-green"), ("/", "red", "web"),
                ("/", "", "web"), ("/", "blue, green", "web"), ("/", "bluegreen", "web"),
                ("/api", nil, "api"), ("/api/x?y", "blue", "api-blue"), ("/api", "green", nil), ("/api", "red", "api"),
            ] as [(String, String?, String?)] {
                let headers = header.map { ["X-BlueGreen-Backend": $0] } ?? [:]
                let answer = try await controller.raw(host: "web.example.com", target: target, headers: headers)
                let request = "\(target) \(header ?? "none")"
                #expect(answer.seen?.serverAddress == expected.flatMap { addresses[$0] }, "\(request)")
                #expect(answer.status == (expected == nil ? 503 : 200), "\(request)")
                if let seen = answer.seen { #expect(seen.uri == target) }
            }
            #expect(try await controller.rejected(site) == ["web spec.rules[0].http.paths[1].backend.service.name"])

            let green = try site.service("api-green")
            try site.write("green.yaml", [green.manifest])
            try await eventually("green is served", showing: [controller.process]) {
                let headers = ["X-BlueGreen-Backend": "green"]
                return try await controller.raw(host: "web.example.com", target: "/api", headers: headers)
                    .seen?.serverAddress == green.address
            }
            await controller.stop()
        }

        @Test(
            "an unknown value of a label is rejected, and the host is served as without the label")
        func unknownValues() async throws {
            let site = try await Site.make()
            let labels = [
                "ssl": "yes", "httpsOnly": "1", "http2": "True", "httpsBackend": "on", "deployment_method": "canary",
            ]
            for (name, value) in labels {
                try site.host(name.lowercased().replacing("_", with: "-"), labels: [name: value])
            }
            try site.host("other", labels: ["app": "web", "SSL": "yes"])
            let controller = try await site.start()
            for name in labels.keys.map({ $0.lowercased().replacing("_", with: "-") }) + ["other"] {
                #expect(try await controller.raw(host: "\(name).example.com").status == 200, "\(name)")
            }
            #expect(
                try await controller.rejected(site)
                    == Set(
                        labels.keys.map { "\($0.lowercased().replacing("_", with: "-")) metadata.labels[\($0)]" }))
            await controller.stop()
        }

        @Test("a host in spec.tls of an Ingress without ssl is reported, and served without TLS")
        func plainTLS() async throws {
            let site = try await Site.make()
            try site.host(
                "tls", spec: ["tls": [["hosts": ["tls.example.com", "b.example.com"], "secretName": "tls"]]])
            let controller = try await site.start()
            #expect(try await controller.raw(host: "tls.example.com").status == 200)
            #expect(try await controller.rejected(site) == ["tls spec.tls[0].hosts[0]", "tls spec.tls[0].hosts[1]"])
            await controller.stop()
        }
    }
}
