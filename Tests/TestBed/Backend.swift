import FlyingFox
import FlyingSocks
public import Foundation
import HTTPClient

/// The backend of every Service of the bed: one nginx on `0.0.0.0:port`, which distinguishes the Services by the
/// destination address.
///
/// - `/…`: `Answer` as JSON.
/// - `/sleep/MILLISECONDS`: the same after a delay.
/// - `/status/CODE`: the same with a status; 503 with `Retry-After: 7`.
/// - `/websocket`: echoes every message.
public struct Backend: Sendable {
    /// The request as the backend received it.
    public struct Answer: Sendable, Codable, Equatable {
        /// The Service's ClusterIP.
        public let serverAddress: String
        public let method: String
        /// With the query, unchanged.
        public let uri: String
        /// Names in lowercase; the values of a name are joined by `, `.
        public let headers: [String: String]
        public let bodyBytes: Int
        /// The SNI of the handshake, and the negotiated protocol; nil without TLS.
        public let tlsServerName: String?
        public let tlsProtocol: String?
    }

    public let port: Int
    public let process: ServerProcess

    /// - Parameters:
    ///   - name: of its files in `folder`; several may run in one.
    ///   - tls: the certificate of its port; nil for plain HTTP.
    public static func start(
        folder: URL, name: String = "backend", tls: CertificateAuthority.Pair? = nil
    ) async throws -> Backend {
        let port = try FreePort.next()
        let own = folder.appending(path: name)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let socket = own.appending(path: "websocket.sock").path
        try startWebSocketEcho(socket: socket)
        try script.write(to: own.appending(path: "answer.js"), atomically: true, encoding: .utf8)
        let configuration = own.appending(path: "nginx.conf")
        try self.configuration(port: port, tls: tls, folder: own.path, socket: socket)
            .write(to: configuration, atomically: true, encoding: .utf8)
        let process = try await ServerProcess(
            name, .init(try Tools.nginx, ["-e", "stderr", "-c", configuration.path]), folder: folder)
        let backend = Backend(port: port, process: process)
        try await process.ready("the backend answers") {
            var request = HTTPRequest(url: "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)/")
            request.tls.trust = .anything
            return try await HTTP.send(request).status == 200
        }
        return backend
    }

    /// Runs until the test process ends, like the nginx in front of it.
    private static func startWebSocketEcho(socket: String) throws {
        struct Echo: WSMessageHandler {
            func makeMessages(for client: AsyncStream<WSMessage>) async throws -> AsyncStream<WSMessage> { client }
        }
        let server = HTTPServer(address: sockaddr_un.unix(path: socket), logger: .disabled)
        Task {
            await server.appendRoute("GET /websocket", to: .webSocket(Echo()))
            try await server.run()
        }
    }

    private static func configuration(
        port: Int, tls: CertificateAuthority.Pair?, folder: String, socket: String
    ) -> String {
        """
        load_module modules/ngx_http_js_module.so;
        daemon off;
        # One process, one id.
        master_process off;
        worker_rlimit_nofile 65536;
        error_log stderr warn;
        pid \(folder)/nginx.pid;
        events { worker_connections 16384; }
        http {
            access_log off;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            client_max_body_size 0;
            client_body_buffer_size 16m;
            large_client_header_buffers 16 64k;
            js_path \(folder);
            js_import answer from answer.js;
            server {
                listen 0.0.0.0:\(port) \(tls == nil ? "" : "ssl") backlog=4096;
                \(tls.map { "ssl_certificate \($0.certificate.path); ssl_certificate_key \($0.key.path);" } ?? "")
                ssl_protocols TLSv1.2 TLSv1.3;
                location / { js_content answer.now; }
                location /sleep/ { js_content answer.later; }
                location /status/ { js_content answer.status; }
                location = /websocket {
                    proxy_pass http://unix:\(socket);
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection Upgrade;
                    proxy_read_timeout 1h;
                }
            }
        }

        """
    }

    private static let script = """
        function answer(r, status) {
            const headers = {};
            r.rawHeadersIn.forEach((field) => {
                const name = field[0].toLowerCase();
                headers[name] = name in headers ? headers[name] + ', ' + field[1] : field[1];
            });
            r.headersOut['Content-Type'] = 'application/json';
            r.return(status, JSON.stringify({
                serverAddress: r.variables.server_addr,
                method: r.method,
                uri: r.variables.request_uri,
                headers: headers,
                bodyBytes: r.requestBuffer ? r.requestBuffer.length : 0,
                tlsServerName: r.variables.ssl_server_name,
                tlsProtocol: r.variables.ssl_protocol
            }) + '\\n');
        }
        const number = (r) => Number(r.uri.split('/')[2]);
        export default {
            now: (r) => answer(r, 200),
            later: (r) => { setTimeout(() => answer(r, 200), number(r)); },
            status: (r) => {
                if (number(r) === 503) { r.headersOut['Retry-After'] = '7'; }
                answer(r, number(r));
            }
        };

        """
}
