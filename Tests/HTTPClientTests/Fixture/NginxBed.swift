import FlyingSocks
import Foundation
import HTTPClient
import Subprocess
import TestBed
import Testing

/// A real nginx on loopback with several kinds of TLS, shared by a suite.
struct NginxBed: Sendable {
    @TaskLocal static var current: NginxBed?

    let folder: URL
    let ports: [UInt16]
    let authority: Certificates.Pair
    let stranger: Certificates.Pair
    let client: Certificates.Pair
    let otherClient: Certificates.Pair

    var plain: String { "http://127.0.0.1:\(ports[0])" }
    /// HTTP/2, a certificate for localhost and 127.0.0.1.
    var tls: String { "https://127.0.0.1:\(ports[1])" }
    /// A certificate for bed.example only.
    var named: String { "https://127.0.0.1:\(ports[2])" }
    /// HTTP/2, requires a client certificate of `authority`.
    var mutual: String { "https://127.0.0.1:\(ports[3])" }
    var unixSocket: String { folder.appending(path: "nginx.sock").path }

    func trusted(_ url: String) throws -> HTTPRequest {
        var request = HTTPRequest(url: url)
        request.tls.trust = .pem(Array(try Data(contentsOf: authority.certificate)))
        return request
    }

    static func run(_ body: (NginxBed) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "http-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificates = Certificates(folder: folder)
        let authority = try await certificates.authority("authority")
        _ = try await certificates.leaf("local", names: "DNS:localhost,IP:127.0.0.1", by: authority)
        _ = try await certificates.leaf("named", names: "DNS:bed.example", by: authority)
        let bed = NginxBed(
            folder: folder, ports: try (0..<4).map { _ in UInt16(try FreePort.next()) }, authority: authority,
            stranger: try await certificates.authority("stranger"),
            client: try await certificates.leaf("client", by: authority),
            otherClient: try await certificates.leaf("other", by: authority))
        let config = folder.appending(path: "nginx.conf")
        try Data(bed.configuration.utf8).write(to: config)
        // A sparse file of 64 MiB.
        try Data().write(to: folder.appending(path: "big"))
        let big = try FileHandle(forWritingTo: folder.appending(path: "big"))
        try big.truncate(atOffset: 64 << 20)
        try big.close()
        _ = try await Subprocess.run(
            .name("nginx"), arguments: ["-e", "error.log", "-p", folder.path, "-c", config.path],
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            defer { try? execution.send(signal: .terminate) }
            let isUp = await eventually { (try? await AsyncSocket.connected(to: bed.address).close()) != nil }
            guard isUp else {
                let log = try String(contentsOf: folder.appending(path: "error.log"), encoding: .utf8)
                throw FixtureError("nginx did not start: \(log)")
            }
            try await body(bed)
        }
    }

    private var address: sockaddr_in {
        get throws { try .inet(ip4: "127.0.0.1", port: ports[3]) }
    }

    private var configuration: String {
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        worker_rlimit_nofile 8192;
        events { worker_connections 4096; }
        http {
            access_log access.log;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            keepalive_requests 100000;
            root .;
            ssl_certificate local.crt;
            ssl_certificate_key local.key;
            server {
                listen 127.0.0.1:\(ports[0]) backlog=2048;
                listen 127.0.0.1:\(ports[1]) ssl http2 backlog=2048;
                listen unix:\(unixSocket);
                location / { return 200 "$connection $server_protocol $ssl_server_name|$host:$server_port"; }
                location /echo { return 200 "$request_method $content_length [$http_x_test] [$content_type] $request_uri"; }
                location /redirect { return 302 /elsewhere; }
                location = /big { types { } default_type application/octet-stream; }
            }
            server {
                listen 127.0.0.1:\(ports[2]) ssl http2;
                ssl_certificate named.crt;
                ssl_certificate_key named.key;
                location / { return 200 "$connection $server_protocol $ssl_server_name|$http_host"; }
            }
            server {
                listen 127.0.0.1:\(ports[3]) ssl http2;
                ssl_verify_client on;
                ssl_client_certificate authority.crt;
                location / { return 200 "$connection $ssl_client_s_dn"; }
            }
        }
        """
    }
}

/// Runs nginx for a suite.
struct NginxTrait: SuiteTrait, TestTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await NginxBed.run { bed in
            try await NginxBed.$current.withValue(bed, operation: function)
        }
    }
}

extension Trait where Self == NginxTrait {
    static var nginx: Self { NginxTrait() }
}
