import Basics
import Foundation
import HTTPClient
import Synchronization
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

private final class TestTime: Sendable {
    private let date = Mutex(Date(1_000_000))
    var now: Date { date.withLock { $0 } }
    func pass(_ seconds: Double) { date.withLock { $0 += seconds } }
}

@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    private let folder: ScratchFolder
    private let time = TestTime()

    init() throws { folder = try ScratchFolder() }

    private func session(
        _ login: ClusterCredentials.Login, trust: ClusterCredentials.Trust = .system
    ) -> Session {
        Session(
            credentials: ClusterCredentials(server: "https://h", trust: trust, login: login),
            now: { [time] in time.now }, logger: .quiet)
    }

    @Test("a token file is read again after a minute, not before")
    func tokenFile() async throws {
        try folder.write("token", "one\n")
        let session = session(.tokenFile("\(folder.path)/token"))
        #expect(try await session.authorization().header?.text == "Bearer one")
        try folder.write("token", "two\n")
        time.pass(59)
        #expect(try await session.authorization().header?.text == "Bearer one")
        time.pass(1)
        #expect(try await session.authorization().header?.text == "Bearer two")
    }

    @Test("the last token is used while its file is missing")
    func lostTokenFile() async throws {
        try folder.write("token", "one")
        let session = session(.tokenFile("\(folder.path)/token"))
        _ = try await session.authorization()
        try FileManager.default.removeItem(atPath: "\(folder.path)/token")
        time.pass(60)
        #expect(try await session.authorization().header?.text == "Bearer one")
    }

    @Test("an empty token file is an error that names it")
    func emptyTokenFile() async throws {
        try folder.write("token", "\n")
        let session = session(.tokenFile("\(folder.path)/token"))
        await #expect(
            throws: CredentialsError("\(folder.path)/token", "expected a token, found an empty file")
        ) { try await session.authorization() }
    }

    @Test("after a 401, a token file is read at once; an unchanged token is not retried")
    func renew() async throws {
        try folder.write("token", "one")
        let session = session(.tokenFile("\(folder.path)/token"))
        let first = try await session.authorization()
        #expect(try await session.renewLogin(after: first) == false)
        try folder.write("token", "two")
        #expect(try await session.renewLogin(after: first))
        #expect(try await session.authorization().header?.text == "Bearer two")
        // A second request that was rejected with the old token finds the new one.
        #expect(try await session.renewLogin(after: first))
    }

    @Test("the certificate authority is read again only when a handshake fails")
    func authority() async throws {
        try folder.write("ca", "one")
        let session = session(.none, trust: .authority(.file("\(folder.path)/ca")))
        let first = try await session.authorization()
        #expect(first.tls.trust == .pem("one".bytes))
        try folder.write("ca", "two")
        time.pass(3600)
        #expect(try await session.authorization().tls.trust == .pem("one".bytes))
        #expect(try await session.renewTrust(after: first))
        #expect(try await session.authorization().tls.trust == .pem("two".bytes))
    }

    @Test("a client certificate in files is read again with the token")
    func identity() async throws {
        try folder.write("c", "certificate")
        try folder.write("k", "key")
        var credentials = ClusterCredentials(server: "https://h")
        credentials.identity = .init(certificate: .file("\(folder.path)/c"), key: .file("\(folder.path)/k"))
        let session = Session(credentials: credentials, now: { [time] in time.now }, logger: .quiet)
        let expected = TLSOptions.Identity(certificate: "certificate".bytes, key: "key".bytes)
        #expect(try await session.authorization().tls.identity == expected)
    }

    @Test("basic authentication")
    func basic() async throws {
        let session = session(.basic(user: "aladdin", password: Secret("opensesame")))
        #expect(try await session.authorization().header?.text == "Basic YWxhZGRpbjpvcGVuc2VzYW1l")
    }

    // MARK: exec plugins

    private func plugin(_ script: String, environment: [String: String] = [:]) throws -> ExecPlugin {
        try folder.write("login", "#!/bin/sh\n\(script)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(folder.path)/login")
        return ExecPlugin(
            version: .v1, command: "\(folder.path)/login", arguments: ["first", "second"],
            environment: environment.merging(["PATH": "/usr/bin:/bin", "DIR": folder.path]) { $1 })
    }

    private func answer(_ status: String) -> String {
        #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{\#(status)}}"#
    }

    /// Prints a new token on each run, and counts the runs.
    private func counting(expires: String = "") -> String {
        """
        echo run >> $DIR/runs
        n=$(wc -l < $DIR/runs | tr -d ' ')
        echo '\(answer(#""token":"token-'$n'""# + expires))'
        """
    }

    @Test("a plugin runs once for several requests, and again when its credential expires")
    func expiry() async throws {
        let expires = #","expirationTimestamp":"\#(Date(1_000_100).formatted(.iso8601))""#
        let session = session(.exec(try plugin(counting(expires: expires))))
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 1...3 { group.addTask { try await session.authorization().header?.text } }
            for try await header in group { #expect(header == "Bearer token-1") }
        }
        time.pass(99)
        #expect(try await session.authorization().header?.text == "Bearer token-1")
        time.pass(1)
        #expect(try await session.authorization().header?.text == "Bearer token-2")
    }

    @Test("a credential without an expiry is kept until a 401")
    func execRenewal() async throws {
        let session = session(.exec(try plugin(counting())))
        let first = try await session.authorization()
        time.pass(1e9)
        #expect(try await session.authorization() == first)
        #expect(try await session.renewLogin(after: first))
        #expect(try await session.authorization().header?.text == "Bearer token-2")
    }

    @Test("a plugin may return a client certificate")
    func execCertificate() async throws {
        let session = session(
            .exec(try plugin("echo '\(answer(#""clientCertificateData":"C","clientKeyData":"K""#))'")))
        let authorization = try await session.authorization()
        #expect(authorization.tls.identity == TLSOptions.Identity(certificate: "C".bytes, key: "K".bytes))
        #expect(authorization.header == nil)
    }

    @Test("a plugin gets its arguments, its environment and KUBERNETES_EXEC_INFO, and no standard input")
    func execInput() async throws {
        var plugin = try plugin(
            """
            cat > $DIR/stdin
            echo "$@ $A" > $DIR/arguments
            echo "$KUBERNETES_EXEC_INFO" > $DIR/info
            echo '\(answer(#""token":"t""#))'
            """, environment: ["A": "1"])
        plugin.cluster = try ExecPlugin.ClusterInfo(
            ClusterCredentials(server: "https://h:1", trust: .authority(.data("ca".bytes))))
        _ = try await plugin.run()
        func file(_ name: String) throws -> String {
            String(decoding: try File.read("\(folder.path)/\(name)"), as: UTF8.self)
        }
        #expect(try file("stdin") == "")
        #expect(try file("arguments") == "first second 1\n")
        #expect(
            try file("info")
                == #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"cluster":{"certificate-authority-data":"Y2E=","server":"https://h:1"},"interactive":false}}"#
                + "\n")
    }

    @Test(
        "an error of a plugin is one line that names the plugin",
        arguments: [
            ("echo 'no session' >&2; exit 3", "expected exit status 0, found exited(3): no session"),
            ("echo nonsense", "expected an ExecCredential as JSON: The given data was not valid JSON."),
            (
                #"echo '{"apiVersion":"v9","kind":"ExecCredential"}'"#,
                "expected an ExecCredential of client.authentication.k8s.io/v1, found ExecCredential of v9"
            ),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'"#,
                "status: expected a token or a client certificate, found neither"
            ),
            (
                #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientKeyData":"swordfish"}}'"#,
                "status: expected clientCertificateData and clientKeyData together, found one of them"
            ),
        ])
    func execErrors(script: String, message: String) async throws {
        let plugin = try plugin(script)
        let error = await #expect(throws: CredentialsError.self) { try await plugin.run() }
        #expect(error?.description == "\(folder.path)/login: \(message)")
    }

    @Test("a plugin that does not exist is an error with its install hint")
    func execMissing() async {
        let plugin = ExecPlugin(
            version: .v1, command: "no-such-plugin", arguments: [], environment: ["PATH": "/bin"],
            installHint: "get it from your administrator")
        let error = await #expect(throws: CredentialsError.self) { try await plugin.run() }
        #expect(error?.description.hasPrefix("no-such-plugin: cannot be run: ") == true)
        #expect(error?.description.hasSuffix("; get it from your administrator") == true)
    }

    @Test("cancellation stops a plugin that hangs")
    func execCancelled() async throws {
        let session = session(.exec(try plugin("echo > $DIR/started; exec sleep 3600")))
        let start = ContinuousClock.now
        await withTaskGroup { group in
            group.addTask { _ = try? await session.authorization() }
            while !FileManager.default.fileExists(atPath: "\(folder.path)/started") { await Task.yield() }
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
