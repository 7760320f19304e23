import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("TLS to backends")
    struct BackendTLSTests {
        @Test(
            "the SNI is the name of the Service, also with affinity",
            arguments: [true, false])
        func serverName(withAffinity: Bool) async throws {
            let site = try await Site.make()
            let port = try FreePort.next()
            let backend = try await start(site, port)
            var service = try site.service("web").manifest
            service["spec"]["ports"] = [["name": "http", "port": .integer(port)]]
            var ingress = site.ingress("web", host: "a.test", port: port)
            if withAffinity { ingress = site.withAffinity(ingress) }
            ingress["metadata"]["annotations"]["vault-ingress.io/backend-protocol"] = "https"
            try site.write(
                "web.yaml", [service, ingress, site.slice("web", pods: ["127.1.0.1", "127.1.0.2"], port: port)])
            let controller = try await site.start()
            try await controller.serves("a.test")
            let answer = try await controller.send(controller.request(host: "a.test"))
            #expect(String(decoding: answer.body, as: UTF8.self) == "web.\(site.namespace).svc.cluster.local")
            await controller.stop()
            await backend.stop()
        }

        /// Starts an nginx that answers with the server name of the handshake.
        private func start(_ site: Site, _ port: Int) async throws -> ServerProcess {
            let authority = try await CertificateAuthority(folder: TemporaryFolder.make("backend"))
            let pair = try await authority.issue("backend", names: ["DNS:backend.test"])
            let name = "tls-\(port)"
            let folder = site.folder.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map { "\($0)_temp_path \(folder.path)/\($0);" }.joined(separator: " ")
            let configuration = folder.appending(path: "nginx.conf")
            try """
            daemon off; master_process off; pid \(folder.path)/pid; error_log stderr; events {}
            http {
                access_log off; \(paths)
                server {
                    listen 0.0.0.0:\(port) ssl;
                    ssl_certificate \(pair.certificate.path);
                    ssl_certificate_key \(pair.key.path);
                    return 200 $ssl_server_name;
                }
            }
            """.write(to: configuration, atomically: true, encoding: .utf8)
            let process = try await ServerProcess(
                name, .init(try Tools.nginx, ["-e", "stderr", "-c", configuration.path]), folder: site.folder)
            var request = HTTPRequest(url: "https://127.0.0.1:\(port)/")
            request.tls = TLSOptions(
                trust: .pem(Array(try Data(contentsOf: authority.certificate))), serverName: "backend.test")
            try await process.ready("the backend answers") { [request] in
                try await HTTP.send(request).status == 200
            }
            return process
        }
    }
}
