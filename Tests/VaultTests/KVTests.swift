import Basics
import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Vault

@Suite("Secrets of a real server")
struct KVTests {
    private static let server = Shared {
        let server = try await BaoServer.start()
        try await server.call("POST", "sys/mounts/old", ["type": "kv", "options": ["version": "1"]])
        try await server.call("POST", "sys/mounts/team/kv", ["type": "kv", "options": ["version": "2"]])
        // The shipped policy: read on one path, nothing on sys/ and on metadata.
        try await server.policy("read", ["secret/data/ssl/*": ["read"], "old/ssl/*": ["read"]])
        try await server.policy(
            "watch", ["secret/data/ssl/*": ["read"], "secret/metadata/ssl/*": ["read"]])
        return server
    }

    private func vault(policies: [String], _ server: BaoServer) async throws -> VaultClient {
        try server.vault(.token(Secret(try await server.token(policies: policies))))
    }

    @Test("a secret of KV 2 is read at its path without data/, with its version")
    func version2() async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "secret/data/ssl/a.example.com", ["data": ["crt": "C1", "key": "K1"]])
        let vault = try server.vault()
        #expect(
            try await vault.readSecret("secret/ssl/a.example.com")?.fields
                == ["crt": Secret("C1"), "key": Secret("K1")])
        #expect(try await vault.readSecret("secret/ssl/a.example.com")?.version?.number == 1)
        try await server.call("POST", "secret/data/ssl/a.example.com", ["data": ["crt": "C2", "key": "K2"]])
        #expect(try await vault.currentVersion("secret/ssl/a.example.com").number == 2)
        #expect(try await vault.readSecret("secret/ssl/a.example.com")?.version?.number == 2)
    }

    @Test("a secret of KV 1 is read at its path, and has no version")
    func version1() async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "old/ssl/a.example.com", ["crt": "C1", "key": "K1"])
        let vault = try server.vault()
        #expect(
            try await vault.readSecret("old/ssl/a.example.com")
                == SecretVersion(fields: ["crt": Secret("C1"), "key": Secret("K1")], version: nil))
        #expect(try await vault.currentVersion("old/ssl/a.example.com") == .unknown)
    }

    @Test("data/ follows the mount, even if the mount has several elements")
    func deepMount() async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "team/kv/data/ssl/a.example.com", ["data": ["crt": "C"]])
        #expect(try await server.vault().readSecret("team/kv/ssl/a.example.com")?.version?.number == 1)
    }

    @Test(
        "data/ or metadata/ after the mount, as policies and the UI show paths, leads to the same secret",
        arguments: [
            ("secret/", "ssl/folder.example.com"), ("team/kv/", "ssl/folder.example.com"),
        ])
    func folders(mount: String, rest: String) async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "\(mount)data/\(rest)", ["data": ["crt": "C"]])
        for change: @Sendable (inout VaultConfiguration) -> Void in [{ _ in }, { $0.kvVersion = 2 }] {
            let vault = try server.vault(.token(Secret(BaoServer.rootToken)), change)
            for folder in ["data/", "metadata/", ""] {
                let path = mount + folder + rest
                let version = try #require(try await vault.readSecret(path)?.version, "\(path)")
                #expect(try await vault.readSecret(path, unlessVersion: version) == .unchanged)
            }
        }
    }

    @Test("without a permission to detect the mount, a path with data/ is read as the API of KV 2 answers")
    func undetected() async throws {
        #expect(KVMount.guessed(in: "team/kv/data/ssl/a") == "team/kv/")
        #expect(KVMount.guessed(in: "secret/metadata/ssl/a") == "secret/")
        #expect(KVMount.guessed(in: "secret/ssl/data") == "secret/")
        #expect(KVMount(path: "kv/", version: 1).remainder(of: "kv/data/a") == "data/a")
        #expect(KVMount(path: "kv/", version: 2).remainder(of: "kv/data/data/a") == "data/a")
        #expect(KVMount(path: "kv/", version: 2).remainder(of: "kv/data/") == nil)
    }

    @Test("in KV 1, data and metadata are folders like others")
    func realFolder() async throws {
        let server = try await Self.server.get()
        for path in ["old/data/ssl/x", "old/metadata/ssl/x", "old/ssl/x"] {
            try await server.call("POST", path, ["crt": .string(path)])
        }
        for path in ["old/data/ssl/x", "old/metadata/ssl/x", "old/ssl/x"] {
            #expect(try await server.vault().readSecret(path)?.fields["crt"] == Secret(path))
        }
    }

    @Test("the secret of a wildcard host is found under its name with the star")
    func wildcard() async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "secret/data/ssl/*.example.com", ["data": ["crt": "W"]])
        let vault = try server.vault()
        #expect(try await vault.readSecret("secret/ssl/*.example.com")?.fields["crt"] == Secret("W"))
        #expect(try await vault.currentVersion("secret/ssl/*.example.com").number == 1)
    }

    @Test("a secret that was deleted with its metadata and created again is read, although its version is 1 again")
    func recreated() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault()
        let path = "secret/ssl/again.example.com"
        try await server.call("POST", "secret/data/ssl/again.example.com", ["data": ["crt": "old"]])
        let known = try #require(try await vault.readSecret(path)?.version)
        #expect(try await vault.readSecret(path, unlessVersion: known) == .unchanged)
        try await server.call("DELETE", "secret/metadata/ssl/again.example.com")
        #expect(try await vault.readSecret(path, unlessVersion: known) == .absent)
        try await server.call("POST", "secret/data/ssl/again.example.com", ["data": ["crt": "new"]])
        guard case .found(let secret) = try await vault.readSecret(path, unlessVersion: known) else {
            Issue.record("not read")
            return
        }
        #expect(secret.fields["crt"] == Secret("new"))
        #expect(secret.version?.number == known.number)
    }

    @Test("a missing secret is nil in both versions, not an error")
    func absent() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault()
        #expect(try await vault.readSecret("secret/ssl/none.example.com") == nil)
        #expect(try await vault.readSecret("old/ssl/none.example.com") == nil)
        #expect(try await vault.currentVersion("secret/ssl/none.example.com") == .none)
    }

    @Test("a deleted or destroyed version is nil, and readable again when undeleted")
    func deleted() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault()
        let path = "secret/ssl/deleted.example.com"
        try await server.call("POST", "secret/data/ssl/deleted.example.com", ["data": ["crt": "C"]])
        try await server.call("DELETE", "secret/data/ssl/deleted.example.com")
        #expect(try await vault.readSecret(path) == nil)
        #expect(try await vault.currentVersion(path) == .unknown)
        try await server.call("POST", "secret/undelete/ssl/deleted.example.com", ["versions": [1]])
        #expect(try await vault.readSecret(path)?.version?.number == 1)
        #expect(try await vault.currentVersion(path).number == 1)
        try await server.call("PUT", "secret/destroy/ssl/deleted.example.com", ["versions": [1]])
        #expect(try await vault.readSecret(path) == nil)
        #expect(try await vault.currentVersion(path) == .unknown)
    }

    @Test("the version is detected without permissions on sys/, and secrets are read without permissions on metadata")
    func shippedPolicy() async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "secret/data/ssl/p.example.com", ["data": ["crt": "C"]])
        try await server.call("POST", "old/ssl/p.example.com", ["crt": "C"])
        let reader = try await vault(policies: ["read"], server)
        #expect(try await reader.currentVersion("secret/ssl/p.example.com") == .unknown)
        #expect(try await reader.readSecret("secret/ssl/p.example.com")?.version?.number == 1)
        #expect(try await reader.readSecret("old/ssl/p.example.com")?.fields["crt"] == Secret("C"))
        #expect(try await vault(policies: ["watch"], server).currentVersion("secret/ssl/p.example.com").number == 1)
    }

    @Test("a path that the policy does not allow is an error with the path")
    func forbidden() async throws {
        let server = try await Self.server.get()
        let vault = try await vault(policies: ["read"], server)
        let error = await failure { () throws(VaultError) in try await vault.readSecret("secret/other/a") }
        #expect(
            error?.description == "secret/data/other/a: permission denied (403): 1 error occurred: * permission denied")
    }

    @Test("a path without an engine is an error that says so")
    func noEngine() async throws {
        let server = try await Self.server.get()
        let vault = try server.vault()
        let error = await failure { () throws(VaultError) in try await vault.readSecret("nowhere/ssl/a") }
        guard case .notFound("nowhere/ssl/a", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an explicit version takes precedence over detection")
    func explicitVersion() async throws {
        let server = try await Self.server.get()
        try await server.call("POST", "secret/data/ssl/e.example.com", ["data": ["crt": "C"]])
        let second = try server.vault { $0.kvVersion = 2 }
        #expect(try await second.readSecret("secret/ssl/e.example.com")?.version?.number == 1)
        let first = try server.vault { $0.kvVersion = 1 }
        let error = await failure { () throws(VaultError) in try await first.readSecret("secret/ssl/e.example.com") }
        #expect(error == .versionedEngine(path: "secret/ssl/e.example.com"))
        // With version 1, the path is unchanged.
        #expect(try await first.readSecret("secret/data/ssl/e.example.com")?.version == nil)
    }
}

extension CurrentVersion {
    fileprivate var number: Int? {
        if case .version(let version) = self { version.number } else { nil }
    }
}
