import Basics
import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Vault

@Suite("Login to a real server")
struct LoginTests {
    private static let server = Shared {
        let server = try await BaoServer.start()
        try await server.policy("read", ["secret/data/ssl/*": ["read"]])
        try await server.call("POST", "secret/data/ssl/a", ["data": ["crt": "C"]])
        try await server.call("POST", "sys/auth/approle", ["type": "approle"])
        return server
    }

    private let log = LogRecorder()

    /// Creates an AppRole role with tokens of that lifetime: its role id, and a file with a secret id.
    private func appRole(_ name: String, ttl: String, more: [String: JSON] = [:]) async throws -> LoginMethod {
        let server = try await Self.server.get()
        var role: [String: JSON] = ["token_policies": ["read"], "token_ttl": .string(ttl), "token_max_ttl": "1h"]
        role.merge(more) { _, new in new }
        try await server.call("POST", "auth/approle/role/\(name)", .object(role))
        let id = try await server.call("GET", "auth/approle/role/\(name)/role-id")["data"]["role_id"].string
        let secret = try await server.call("POST", "auth/approle/role/\(name)/secret-id")["data"]["secret_id"].string
        let file = try write(try #require(secret) + "\n", to: "\(name).secret-id", of: server)
        return .appRole(roleID: try #require(id), secretIDFile: file)
    }

    private func write(_ text: String, to name: String, of server: BaoServer) throws -> String {
        let file = server.folder.appending(path: name)
        try Data(text.utf8).write(to: file, options: .atomic)
        return file.path
    }

    private func accessor(_ vault: VaultClient, _ server: BaoServer) async throws -> String {
        let response = try await vault.call(.get("auth/token/lookup-self"))
        return try #require(try JSON(parsing: response.body)["data"]["accessor"].string)
    }

    @Test("AppRole logs in with a role id and the secret id of a file")
    func appRole() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault(try await appRole("plain", ttl: "1h"))
        #expect(try await vault.readSecret("secret/ssl/a")?.version?.number == 1)
    }

    @Test("a wrong secret id is reported with the server's message and without the secret")
    func wrongSecretID() async throws {
        let server = try await Self.server.get()
        guard case .appRole(_, let roleID, _) = try await appRole("wrong", ttl: "1h") else { return }
        let file = try write("not-the-secret", to: "wrong", of: server)
        let vault = try server.vault(.appRole(roleID: roleID, secretIDFile: file), logger: log.logger)
        let error = await failure { () throws(VaultError) in try await vault.logIn() }
        #expect(
            error?.description
                == "login by approle failed: auth/approle/login: rejected (400): invalid role or secret ID")
        #expect(log.lines.count == 1)
        #expect(!log.lines.joined().contains("not-the-secret"))
    }

    @Test("a credentials file that is missing, empty or not a single word is named")
    func badFiles() async throws {
        let server = try await Self.server.get()
        let cases = [
            ("/nowhere/token", "/nowhere/token: cannot be read"),
            (try write(" \n", to: "empty", of: server), "empty: is empty"),
            (try write("two words", to: "words", of: server), "words: is not a single word of printable ASCII"),
        ]
        for (file, text) in cases {
            let vault = try server.vault(.tokenFile(file))
            let error = await failure { () throws(VaultError) in try await vault.logIn() }
            #expect(error?.description.hasSuffix(text) == true)
        }
    }

    @Test("a token file is read again when it changes")
    func tokenFile() async throws {
        let server = try await Self.server.get()
        let first = try await server.token(policies: ["read"])
        let file = try write(first, to: "token", of: server)
        let time = TestTiming()
        let vault = try server.vault(.tokenFile(file), timing: time.timing())
        #expect(try await vault.readSecret("secret/ssl/a") != nil)
        let before = try await accessor(vault, server)

        _ = try write(try await server.token(policies: ["read"]), to: "token", of: server)
        time.advance(by: .seconds(2))
        #expect(try await accessor(vault, server) != before)
    }

    @Test("a changed token file is read at once when the old token is denied")
    func revokedTokenFile() async throws {
        let server = try await Self.server.get()
        let first = try await server.token(policies: ["read"])
        let file = try write(first, to: "revoked", of: server)
        let vault = try server.vault(.tokenFile(file), timing: TestTiming().timing())
        #expect(try await vault.readSecret("secret/ssl/a") != nil)
        try await server.call("POST", "auth/token/revoke", ["token": .string(first)])
        let error = await failure { () throws(VaultError) in try await vault.readSecret("secret/ssl/a") }
        #expect(error == .permissionDenied(path: "secret/data/ssl/a", detail: "permission denied"))
        _ = try write(try await server.token(policies: ["read"]), to: "revoked", of: server)
        #expect(try await vault.readSecret("secret/ssl/a") != nil)
    }

    @Test("a revoked token is replaced by one login, and the read succeeds")
    func revoked() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault(try await appRole("revoked", ttl: "1h"))
        let before = try await accessor(vault, server)
        try await server.call("POST", "auth/token/revoke-accessor", ["accessor": .string(before)])
        await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    let secret = try? await vault.readSecret("secret/ssl/a")
                    #expect(secret?.version?.number == 1)
                }
            }
        }
        #expect(try await vault.generation() == 2)
    }

    @Test("a token of four seconds is kept valid by renewals")
    func renewed() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault(try await appRole("short", ttl: "4s"))
        let running = Task { await vault.run() }
        defer { running.cancel() }
        let before = try await accessor(vault, server)
        let start = ContinuousClock.now
        try await eventually("seven seconds have passed", within: .seconds(15), every: .milliseconds(200)) {
            let secret = try await vault.readSecret("secret/ssl/a")
            #expect(secret != nil)
            return ContinuousClock.now - start > .seconds(7)
        }
        #expect(try await accessor(vault, server) == before)
    }

    @Test("a token near its maximum lifetime is replaced before it expires")
    func replaced() async throws {
        let server = try await Self.server.get()
        let login = try await appRole("maximum", ttl: "8s", more: ["token_max_ttl": "8s"])
        // The longest grace, 1.6 s: the server rounds the remaining lifetime to whole seconds.
        var timing = VaultTiming.system
        timing.random = { 1 }
        let vault = try server.vault(login, timing: timing, logger: log.logger)
        let running = Task { await vault.run() }
        defer { running.cancel() }
        _ = try await vault.readSecret("secret/ssl/a")
        try await eventually("there was a second login", within: .seconds(15), every: .milliseconds(100)) {
            // A read that causes no login when it is denied.
            let (response, generation) = try await vault.tryCall(.get("secret/data/ssl/a"))
            #expect(response.status == 200)
            return generation > 1
        }
        #expect(!log.lines.joined().contains("s."))
    }

    @Test("a renewal past the maximum lifetime (500) causes a login at once, without retries")
    func pastMaximum() async throws {
        let server = try await Self.server.get()
        let double = FaultyVault { request, before in
            if request.path.hasSuffix("/login") {
                return .init(body: #"{"auth":{"client_token":"t\#(before)","lease_duration":100,"renewable":true}}"#)
            }
            // The first renewal after each login succeeds, later ones fail.
            let good = #"{"auth":{"client_token":"t","lease_duration":100,"renewable":true}}"#
            return before % 2 == 0
                ? .init(body: good) : .init(status: 500, body: #"{"errors":["past the max TTL, cannot renew"]}"#)
        }
        let time = TestTiming()
        try await double.serve { address in
            let login = LoginMethod.appRole(roleID: "r", secretIDFile: nil)
            let vault = try server.vault(login, timing: time.timing()) { $0.address = address }
            let running = Task { await vault.run() }
            try await eventually("there was a second login") {
                double.requests.count { $0.path.hasSuffix("/login") } > 1
            }
            running.cancel()
            await running.value
        }
        // 70 s: two thirds of 100 s plus a third of the grace of 10 s, not the 1 s of a retry.
        #expect(time.sleeps.first == .seconds(70))
        #expect(!time.sleeps.contains(.seconds(1)))
    }

    @Test("a failed login is retried")
    func recovers() async throws {
        let server = try await Self.server.get()
        guard case .appRole(_, let roleID, let good?) = try await appRole("late", ttl: "1h") else { return }
        let file = server.folder.appending(path: "late").path
        let vault = try server.vault(.appRole(roleID: roleID, secretIDFile: file), logger: log.logger)
        let running = Task { await vault.run() }
        defer { running.cancel() }
        try await eventually("the first login failed") { log.lines.contains { $0.contains("cannot log in") } }
        try FileManager.default.copyItem(atPath: good, toPath: file)
        try await eventually("the login succeeds") { log.lines.contains { $0.contains("info logged in to Vault") } }
        #expect(try await vault.readSecret("secret/ssl/a") != nil)
        #expect(log.lines.count { $0.hasPrefix("error") } == 1)
    }

    @Test("a Kubernetes login sends the role and the current JWT of the file")
    func kubernetesRequest() async throws {
        let server = try await Self.server.get()
        let file = try write("jwt-1", to: "jwt", of: server)
        let double = FaultyVault { request, before in
            request.path.hasSuffix("/login")
                ? .init(body: #"{"auth":{"client_token":"t\#(before)","lease_duration":3600}}"#) : .denied
        }
        try await double.serve { address in
            let login = LoginMethod.kubernetes(mount: "cluster/a", role: "ingress", jwtFile: file)
            let vault = try server.vault(login) { $0.address = address }
            try await vault.logIn()
            _ = try write("jwt-2", to: "jwt", of: server)
            _ = await failure { () throws(VaultError) in try await vault.readSecret("secret/ssl/a") }
        }
        let logins = double.requests.filter { $0.path == "/v1/auth/cluster/a/login" && $0.method == "POST" }
        #expect(logins.map(\.body) == [#"{"jwt":"jwt-1","role":"ingress"}"#, #"{"jwt":"jwt-2","role":"ingress"}"#])
    }
}
