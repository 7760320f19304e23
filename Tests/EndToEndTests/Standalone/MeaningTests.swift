import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Ingresses that were written for other controllers")
    struct MeaningTests {
        @Test("a glob is served, a regular expression is rejected with its reason", arguments: ErrorSite.Nginx.allCases)
        func paths(nginx: ErrorSite.Nginx) async throws {
            let site = try await Site.make()
            try site.host(
                "expression",
                paths: [
                    ("ImplementationSpecific /api(/|$)(.*)", "web"), ("ImplementationSpecific /static/*", "web"),
                    ("Exact /literal(*)", "web"),
                ])
            let controller = try await site.start(nginx: nginx.path)
            try await controller.serves("expression.example.com", path: "/static/a.css")
            for (path, status) in [
                ("/static", 200), ("/staticx", 404), ("/api/x", 404), ("/literal(*)", 200), ("/literal(x)", 404),
            ] {
                #expect(try await controller.raw(host: "expression.example.com", target: path).status == status)
            }
            let rejections = try await controller.status()["rejections"].array
            #expect(rejections.count == 1)
            #expect(rejections[0]["reason"] == "InvalidRule")
            #expect(rejections[0]["field"] == "spec.rules[0].http.paths[0].path")
            #expect(rejections[0]["explanation"].string?.contains("regular expression") == true)
            await controller.stop()
        }

        @Test(
            "a host that another controller protects answers 503 everywhere until the annotation is removed",
            arguments: ErrorSite.Nginx.allCases)
        func closed(nginx: ErrorSite.Nginx) async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            var ingress = site.ingress("protected", host: "protected.example.com", path: "/app")
            let annotation = "nginx.ingress.kubernetes.io/whitelist-source-range"
            func write(_ annotations: JSON) throws {
                ingress["metadata"]["annotations"] = annotations
                ingress["metadata"]["labels"] = ["httpsOnly": "false"]
                try site.write("all.yaml", [service.manifest, ingress])
            }
            try write(["vault-ingress.io/app-root": "/app"])
            let controller = try await site.start(nginx: nginx.path)
            try await controller.serves("protected.example.com", path: "/app")
            for redirect in [JSON.null, "308"] {
                var annotations: JSON = [
                    "vault-ingress.io/app-root": "/app", "nginx.ingress.kubernetes.io/proxy-body-size": "1m",
                ]
                annotations[annotation] = "10.0.0.0/8"
                if redirect != .null { annotations["vault-ingress.io/redirect-to-https"] = redirect }
                try write(annotations)
                try await controller.serves("protected.example.com", path: "/app", status: 503)
                for path in ["/", "/app", "/app/x", "/none"] {
                    let answer = try await controller.raw(host: "protected.example.com", target: path)
                    #expect(answer.status == 503, "\(path)")
                    #expect(answer.seen == nil)
                }
            }
            let status = try await controller.status()
            #expect(status["hosts"][0]["closedBy"] == .string(annotation))
            #expect(status["rejections"].array.contains { $0["reason"] == "HostClosed" })
            let line = try await controller.audited("the closed host") { $0["hosts"]["closedCount"].int == 1 }
            #expect(
                line["hosts"]["closed"] == [["host": "protected.example.com", "annotation": .string(annotation)]])
            let metrics = String(decoding: try await controller.admin("/metrics").body, as: UTF8.self)
            #expect(metrics.contains("\nvault_ingress_closed_hosts 1.0\n"))
            #expect(metrics.contains("vault_ingress_rejections{reason=\"HostClosed\"} 1.0"))
            try write(["nginx.ingress.kubernetes.io/enable-modsecurity": "false"])
            try await controller.serves("protected.example.com", path: "/app")
            #expect(try await controller.status()["hosts"][0]["closedBy"] == .null)
            await controller.stop()
        }
    }
}
