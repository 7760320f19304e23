import Foundation
import HTTPClient
import Nginx
import NginxConfig
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestBed

/// A state folder with a supervised nginx.
struct LiveNginx: Sendable {
    let state: StateDirectory
    let store: GenerationStore
    let master: NginxMaster
    let reloader: Reloader
    let http = HTTPClient()
    let port: Int

    /// Runs `body` while nginx is supervised, then shuts nginx down gracefully.
    static func run(
        in folder: URL? = nil, port: Int? = nil, timeout: Duration = .seconds(5),
        _ body: @Sendable (LiveNginx) async throws -> Void
    ) async throws {
        let folder = try folder ?? TemporaryFolder.make("nginx")
        let live = try await LiveNginx(folder: folder, port: port ?? FreePort.next(), timeout: timeout)
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await live.master.run() }
                defer { trigger.triggerGracefulShutdown() }
                try await body(live)
            }
        }
        live.http.shutdown()
    }

    private init(folder: URL, port: Int, timeout: Duration) async throws {
        self.port = port
        state = StateDirectory(try AbsolutePath(folder.appending(path: "state").path))
        store = GenerationStore(state: state)
        try await store.prepare(temporaryFolder: AbsolutePath(folder.appending(path: "temp").path))
        let binary = try await NginxBinary.find(Tools.nginx, searchPath: "/usr/sbin:/usr/bin:/bin")
        master = NginxMaster(
            binary: binary, state: state, store: store,
            addresses: [ListenAddress(port: UInt16(port), isIPv6: false)], logger: .quiet)
        reloader = Reloader(
            binary: binary, state: state, store: store, master: master, timeout: timeout, logger: .quiet,
            marker: { [state] in "server { listen unix:\(state.socket); return 200 \"\($0)\"; }" },
            probe: { [http, state] in
                var request = HTTPRequest(url: "http://localhost/", unixSocket: "\(state.socket)")
                request.headers["Connection"] = "close"
                guard let response = try? await http.send(request) else { return nil }
                return Int(String(decoding: response.body, as: UTF8.self))
            })
    }

    /// A configuration whose server answers with `text`; `extra` stands beside the server.
    func rendered(_ text: String, extra: String = "") -> RenderedConfiguration {
        RenderedConfiguration(
            Configuration(),
            main: """
                pid "\(state.pidFile)";
                error_log stderr crit;
                error_log "\(state.emergencyLog)" emerg;
                worker_processes 2;
                events {}
                http {
                    access_log off;
                    include generation.conf;
                    server { listen \(port); return 200 "\(text)"; }
                    \(extra)
                }
                """)
    }

    func apply(_ text: String, extra: String = "") async -> ReloadAttempt {
        await reloader.apply(rendered(text, extra: extra))
    }

    /// The answer of the TCP port on a new connection.
    func answer() async throws -> String {
        var request = HTTPRequest(url: "http://127.0.0.1:\(port)/")
        request.headers["Connection"] = "close"
        return String(decoding: try await http.send(request).body, as: UTF8.self)
    }
}
