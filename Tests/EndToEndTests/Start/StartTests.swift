import Foundation
import TestBed
import Testing

@Suite("A failed start is reported in one line, and exits 1", .serialized, .timeLimit(.minutes(1)))
struct StartTests {
    private let folder: URL
    private let manifests: URL

    init() throws {
        folder = try TemporaryFolder.make("start")
        manifests = folder.appending(path: "manifests")
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
    }

    @Test("nginx is missing, too old, or another program")
    func nginx() async throws {
        try await run(["--nginx", "/missing/nginx"]).expectFailure(
            status: 1, "nginx: program '/missing/nginx' not found, expected it in PATH; set --nginx to the file")
        let old = folder.appending(path: "old-nginx")
        try "#!/bin/sh\necho 'nginx version: nginx/1.20.2' >&2\n".write(to: old, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: old.path)
        try await run(["--nginx", old.path]).expectFailure(
            status: 1, "nginx: \(old.path) is version 1.20.2, expected 1.22.0 or newer")
        try await run(["--nginx", "/bin/true"]).expectFailure(status: 1, "cannot read the version of /bin/true")
    }

    @Test("the port for http is in use")
    func httpPort() async throws {
        let backend = try await Backend.start(folder: folder)
        try await run(["--http-port", String(backend.port)]).expectFailure(
            status: 1,
            "cannot start nginx with the first generation: [emerg] bind() to 0.0.0.0:\(backend.port) failed (98: ")
        await backend.process.stop()
    }

    @Test("the port of the admin server is in use, or its address does not belong to this machine")
    func adminAddress() async throws {
        let backend = try await Backend.start(folder: folder)
        try await run(["--admin-address", "127.0.0.1:\(backend.port)"]).expectFailure(
            status: 1, "admin server: cannot listen on 127.0.0.1:\(backend.port): Address already in use")
        await backend.process.stop()
        try await run(["--admin-address", "192.0.2.1:8080"]).expectFailure(
            status: 1, "admin server: cannot listen on 192.0.2.1:8080: Cannot assign requested address")
    }

    @Test("a folder or file cannot be written")
    func unwritable() async throws {
        let file = folder.appending(path: "file")
        try Data().write(to: file)
        // Even root cannot write into /proc or below a file.
        for flag in ["--state-dir", "--temp-dir"] {
            try await run([flag, "/proc/vault-ingress"]).expectFailure(
                status: 1, "cannot create folder /proc/vault-ingress: No such file or directory")
            for path in [file.path, "\(file.path)/below"] {
                try await run([flag, path]).expectFailure(
                    status: 1, "cannot create folder \(file.path): Not a directory")
            }
        }
        try await run(["--audit-log", "/missing/audit"]).expectFailure(
            status: 1, "audit log: cannot open /missing/audit: No such file or directory")
    }

    @Test("the folder of manifests is missing")
    func noManifests() async throws {
        try await run(["--manifests", "/missing"]).expectFailure(
            status: 1, "/missing: expected a folder of manifests, found: No such file or directory")
        let file = folder.appending(path: "file")
        try Data().write(to: file)
        try await run(["--manifests", file.path]).expectFailure(
            status: 1, "\(file.path): expected a folder of manifests, found: Not a directory")
    }

    @Test(
        "a broken template is reported with its file and line",
        arguments: [
            ("nginx.conf", "{{#servers}}", "{{#servers}}{{#servers}}", "the section 'servers' is never closed"),
            ("server.conf", "{{owner}}", "{{ovner}}", "found 'ovner', expected one of "),
            (
                "server.conf", "set $ingress", "bogus $ingress",
                #"nginx rejects 'bogus $ingress "sample/sample";': [emerg] unknown directive "bogus""#
            ),
            ("nginx.conf", "tcp_nodelay on", "tcp_nodelay maybe", #"nginx rejects 'tcp_nodelay maybe;': [emerg] "#),
        ])
    func template(name: String, old: String, new: String, line: String) async throws {
        let copy = folder.appending(path: "templates")
        try FileManager.default.copyItem(at: Tools.checkout.appending(path: "templates"), to: copy)
        let file = copy.appending(path: "\(name).mustache")
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let number = try #require(lines.firstIndex { $0.contains(old) })
        try lines.joined(separator: "\n").replacing(old, with: new, maxReplacements: 1)
            .write(to: file, atomically: true, encoding: .utf8)
        let program = try await run(["--template-dir", copy.path])
        program.expectFailure(status: 1, line)
        program.expectFailure(status: 1, "template \(name).mustache:\(number + 1): ")
    }

    @Test("the templates are missing")
    func noTemplates() async throws {
        try await run(["--template-dir", "/missing"]).expectFailure(
            status: 1, "templates: cannot read the folder /missing; set --template-dir to another folder")
        try await run(["--template-dir", manifests.path]).expectFailure(
            status: 1, "template dnsmasq.conf.mustache: expected this file, which the controller needs, found none")
    }

    @Test(
        "a missing or broken kubeconfig is reported with its file and the place in it",
        arguments: [
            (nil, ": cannot be read: No such file or directory"),
            ("a: [", ":2: "),
            ("apiVersion: v1", ": current-context: expected the name of a context, found none"),
            (
                "{current-context: a, contexts: [{name: b, context: {cluster: c, user: u}}]}",
                ": contexts: expected one named"
            ),
            (configuration(server: "nowhere"), ": clusters[0].cluster.server: expected a URL"),
        ] as [(String?, String)])
    func kubeconfig(text: String?, line: String) async throws {
        let file = folder.appending(path: "kubeconfig")
        try text?.write(to: file, atomically: true, encoding: .utf8)
        try await run([], source: ["--kubeconfig", file.path]).expectFailure(status: 1, "\(file.path)\(line)")
    }

    @Test("the API server cannot be reached")
    func unreachable() async throws {
        let server = "https://127.0.0.1:\(try FreePort.next())"
        let file = folder.appending(path: "kubeconfig")
        try configuration(server: server).write(to: file, atomically: true, encoding: .utf8)
        try await run([], source: ["--kubeconfig", file.path]).expectFailure(
            status: 1, "GET \(server)/version: could not connect: Connection refused")
    }

    @Test("there is no source: no kubeconfig, no manifests, no cluster")
    func noSource() async throws {
        try await run([], source: []).expectFailure(
            status: 1, "KUBERNETES_SERVICE_HOST: not set; expected the address")
    }

    /// Runs the program with valid flags, followed by the given ones: the last one of each name counts.
    private func run(_ flags: [String], source: [String]? = nil) async throws -> Program {
        let all =
            ["run"] + (source ?? ["--manifests", manifests.path])
            + ["--state-dir", folder.appending(path: "state").path]
            + ["--temp-dir", folder.appending(path: "temporary").path]
            + ["--template-dir", Tools.checkout.appending(path: "templates").path, "--nginx", try Tools.nginx]
            + ["--http-port", String(try FreePort.next()), "--admin-address", "127.0.0.1:\(try FreePort.next())"]
        let environment = ["MANIFESTS": "", "KUBECONFIG": "", "KUBERNETES_SERVICE_HOST": ""]
        return try await Program.run(all + flags, environment: environment, in: folder)
    }
}

private func configuration(server: String) -> String {
    """
    apiVersion: v1
    kind: Config
    current-context: test
    contexts: [{name: test, context: {cluster: test, user: test}}]
    clusters: [{name: test, cluster: {server: "\(server)"}}]
    users: [{name: test, user: {token: secret}}]
    """
}
