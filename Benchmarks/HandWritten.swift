import Foundation
import HTTPClient
import TestBed

/// What a person would write for one host: one server, one upstream block with kept connections, the usual headers and an access
/// log. The reference of measurements.
struct HandWritten {
    let httpPort: Int
    let httpsPort: Int
    let process: ServerProcess

    static func start(
        _ nginx: String, workers: Int, pods: [String], certificate: URL, key: URL, folder: URL
    ) async throws -> HandWritten {
        let (http, https) = (try FreePort.next(), try FreePort.next())
        let own = folder.appending(path: "hand-written-\(http)")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(own.path)/\($0);" }.joined(separator: "\n    ")
        let text = """
            daemon off;
            worker_processes \(workers);
            worker_rlimit_nofile 65536;
            error_log stderr warn;
            pid \(own.path)/nginx.pid;
            events { worker_connections 4096; }
            http {
                \(temporary)
                access_log \(own.path)/access.log combined;
                keepalive_requests 1000000;
                upstream web {
                    \(pods.map { "server \($0);" }.joined(separator: " "))
                    keepalive 64;
                }
                ssl_session_cache shared:tls:20m;
                server {
                    listen 127.0.0.1:\(http);
                    listen 127.0.0.1:\(https) ssl;
                    server_name host-0.example.com;
                    ssl_certificate \(certificate.path);
                    ssl_certificate_key \(key.path);
                    location / {
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $remote_addr;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_pass http://web;
                    }
                }
            }
            """
        let file = own.appending(path: "nginx.conf")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let process = try await ServerProcess(
            "hand-written", .init(nginx, ["-e", "stderr", "-c", file.path]), folder: own)
        try await process.ready("the hand-written nginx listens") {
            (try? await HTTP.get("http://127.0.0.1:\(http)/")) != nil
        }
        return HandWritten(httpPort: http, httpsPort: https, process: process)
    }
}

/// The pods of a measurement: an nginx that answers without work.
struct FastBackend {
    let port: Int
    let process: ServerProcess

    static func start(folder: URL) async throws -> FastBackend {
        let port = try FreePort.next()
        let own = folder.appending(path: "fast-backend")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        try Data(repeating: 120, count: 100_000).write(to: own.appending(path: "large"))
        let text = """
            daemon off;
            worker_processes 1;
            error_log stderr warn;
            pid \(own.path)/nginx.pid;
            events { worker_connections 4096; }
            http {
                access_log off;
                keepalive_requests 1000000;
                sendfile on;
                server {
                    listen \(port);
                    location = /empty { return 204; }
                    location = /large { root \(own.path); }
                }
            }
            """
        let file = own.appending(path: "nginx.conf")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let process = try await ServerProcess(
            "fast-backend", .init(try Tools.nginx, ["-e", "stderr", "-c", file.path]), folder: own)
        try await process.ready("the backend listens") {
            (try? await HTTP.get("http://127.0.0.1:\(port)/empty")) != nil
        }
        return FastBackend(port: port, process: process)
    }
}
