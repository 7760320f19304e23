import Foundation
import Nginx
import NginxConfig
import TestBed
import Testing

@Suite("The nginx program")
struct NginxBinaryTests {
    @Test(
        "a version is read from nginx's output",
        arguments: [
            ("nginx version: nginx/1.22.1", NginxVersion(1, 22, 1)),
            ("nginx version: nginx/1.31.0 (Debian)\nbuilt with OpenSSL", NginxVersion(1, 31, 0)),
            ("nginx version: openresty/1.25.3.1", NginxVersion(1, 25, 3)), ("bash: nginx: not found", nil), ("", nil),
        ] as [(String, NginxVersion?)])
    func versions(output: String, version: NginxVersion?) {
        #expect(NginxVersion(output: output) == version)
    }

    @Test(
        "each capability begins with its version",
        arguments: [
            (NginxVersion(1, 22, 1), false, false, false), (NginxVersion(1, 23, 2), true, false, false),
            (NginxVersion(1, 25, 1), true, true, false), (NginxVersion(1, 27, 2), true, true, false),
            (NginxVersion(1, 27, 3), true, true, false),
            (NginxVersion(1, 27, 4), true, true, true), (NginxVersion(1, 31, 3), true, true, true),
        ])
    func capabilities(version: NginxVersion, ticketKeys: Bool, http2: Bool, idle: Bool) {
        #expect(
            version.capabilities
                == NginxCapabilities(
                    hasHTTP2PerServer: http2, rotatesTicketKeys: ticketKeys, keepsIdleConnections: idle,
                    cachesCertificates: idle, resolvesServers: version >= NginxVersion(1, 27, 3)))
    }

    private func program(_ script: String) throws -> String {
        let file = try TemporaryFolder.make("binary").appending(path: "nginx")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file.path
    }

    @Test("a missing, an old and a wrong program are distinguished")
    func problems() async throws {
        await #expect(throws: NginxBinary.Problem.notFound("/nowhere/nginx")) {
            try await NginxBinary.find("/nowhere/nginx", searchPath: "/bin")
        }
        await #expect(throws: NginxBinary.Problem.notFound("no-such-nginx")) {
            try await NginxBinary.find("no-such-nginx", searchPath: "/bin")
        }
        let old = try program("echo 'nginx version: nginx/1.18.0' >&2")
        await #expect(throws: NginxBinary.Problem.tooOld(old, NginxVersion(1, 18, 0))) {
            try await NginxBinary.find(old, searchPath: "/bin")
        }
        let wrong = try program("echo hello >&2")
        await #expect(throws: NginxBinary.Problem.notRunnable(wrong, "found 'hello\n'")) {
            try await NginxBinary.find(wrong, searchPath: "/bin")
        }
    }

    @Test(
        "a test that is killed, or reports that memory ran out, is not a rejection",
        arguments: [
            ("kill -9 $$", "nginx -t was ended by signal 9"),
            (
                "echo 'nginx: [emerg] posix_memalign(16, 512) failed (12: Cannot allocate memory)' >&2; exit 1",
                "[emerg] posix_memalign(16, 512) failed (12: Cannot allocate memory)"
            ),
        ])
    func exhausted(script: String, problem: String) async throws {
        let path = try program("[ \"$1\" = -V ] && { echo 'nginx version: nginx/1.22.1' >&2; exit; }; \(script)")
        let binary = try await NginxBinary.find(path, searchPath: "/bin")
        let state = StateDirectory(try AbsolutePath(try TemporaryFolder.make("exhausted").path))
        let store = GenerationStore(state: state)
        let generation = try await store.write(RenderedConfiguration(Configuration(), main: "")) { "\($0)" }
        #expect(await binary.test(generation, state: state) == .exhausted(problem))
    }

    @Test("a real nginx with less memory than its configuration needs is exhausted, and passes with a small one")
    func memory() async throws {
        let nginx = try Tools.nginx
        let path = try program("ulimit -v 60000; exec \(nginx) \"$@\"")
        let binary = try await NginxBinary.find(path, searchPath: "/bin:/usr/bin")
        let state = StateDirectory(try AbsolutePath(try TemporaryFolder.make("memory").path))
        let store = GenerationStore(state: state)
        func test(servers: Int) async throws -> NginxBinary.Verdict {
            let list = (0..<servers).map { "server { listen 127.0.0.1:1; server_name h\($0); location / {} }\n" }
                .joined()
            let main = "pid \(state.root)/pid; error_log stderr; events {} http { \(list) }"
            let generation = try await store.write(RenderedConfiguration(Configuration(), main: main)) { "\($0)" }
            return await binary.test(generation, state: state)
        }
        guard case .exhausted = try await test(servers: 5000) else {
            Issue.record("expected .exhausted")
            return
        }
        #expect(try await test(servers: 1) == .accepted)
    }

    @Test("a name is looked up in the search path")
    func searchPath() async throws {
        let real = URL(filePath: try Tools.nginx)
        let folder = real.deletingLastPathComponent().path
        let binary = try await NginxBinary.find(real.lastPathComponent, searchPath: "/nowhere:\(folder)")
        #expect(binary.path == real.path)
        #expect(binary.version >= .oldest)
    }
}
