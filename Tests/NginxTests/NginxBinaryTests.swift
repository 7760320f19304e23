import Foundation
import Nginx
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

    @Test("a name is looked up in the search path")
    func searchPath() async throws {
        let real = URL(filePath: try Tools.nginx)
        let folder = real.deletingLastPathComponent().path
        let binary = try await NginxBinary.find(real.lastPathComponent, searchPath: "/nowhere:\(folder)")
        #expect(binary.path == real.path)
        #expect(binary.version >= .oldest)
    }
}
