import Foundation
import HTTPClient
import TestBed
import Testing

/// Responses of nginx when no backend answers.
@Suite("Error responses", .serialized, .timeLimit(.minutes(2)))
enum ErrorResponseTests {}

/// Hosts that each fail in a different way, served by the oldest or the newest nginx.
struct ErrorSite: Sendable {
    enum Nginx: CaseIterable {
        case oldest, current

        var path: String {
            get throws { try self == .oldest ? Tools.nginx : Tools.nginxCurrent }
        }
    }

    private static let oldest = Shared { try await make(.oldest) }
    private static let current = Shared { try await make(.current) }

    let site: Site
    let controller: Controller

    static func of(_ nginx: Nginx) async throws -> ErrorSite {
        try await (nginx == .oldest ? oldest : current).get()
    }

    /// - Parameter templates: another folder than the shipped one.
    static func make(_ nginx: Nginx, templates: URL? = nil) async throws -> ErrorSite {
        let site = try await Site.make()
        var objects = [try site.service("web").manifest]
        // A name that the DNS does not have.
        objects.append(service("unresolved", port: site.backend.port, site))
        // An address with no listener on the port.
        let refused = try FreePort.next()
        _ = try site.service("refused")
        objects.append(service("refused", port: refused, site))
        objects.append(site.ingress("web", host: "web.test", path: "/status"))
        var pages = site.ingress("pages", host: "pages.test", path: "/status")
        pages["metadata"]["annotations"] = ["vault-ingress.io/error-pages": "on"]
        objects.append(pages)
        var slow = site.ingress("slow", host: "slow.test")
        slow["metadata"]["annotations"] = ["vault-ingress.io/read-timeout": "100ms"]
        objects.append(slow)
        var grpc = site.ingress("grpc", host: "grpc.test", service: "missing")
        grpc["metadata"]["annotations"] = ["vault-ingress.io/backend-protocol": "grpc"]
        objects.append(grpc)
        objects.append(site.ingress("missing", host: "missing.test", service: "missing"))
        objects.append(site.ingress("unresolved", host: "unresolved.test", service: "unresolved"))
        objects.append(site.ingress("refused", host: "refused.test", service: "refused", port: refused))
        var small = site.ingress("small", host: "small.test")
        small["metadata"]["annotations"] = ["vault-ingress.io/body-size": "1"]
        objects.append(small)
        try site.write("all.yaml", objects)
        let controller = try await Controller.start(
            folder: site.folder, source: .manifests(site.manifests), resolver: site.dns.address, nginx: nginx.path,
            flags: templates.map { ["--template-dir", $0.path] } ?? [])
        try await controller.serves("web.test", path: "/status/200")
        return ErrorSite(site: site, controller: controller)
    }

    private static func service(_ name: String, port: Int, _ site: Site) -> JSON {
        [
            "apiVersion": "v1", "kind": "Service",
            "metadata": ["name": .string(name), "namespace": .string(site.namespace)],
            "spec": ["ports": [["name": "http", "port": .integer(port)]]],
        ]
    }

    func answer(
        _ host: String, path: String = "/", method: String = "GET", headers: HTTPHeaders = [:], body: [UInt8]? = nil
    ) async throws -> HTTPResponse {
        try await controller.send(
            controller.request(host: host, path: path, method: method, headers: headers, body: body))
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
