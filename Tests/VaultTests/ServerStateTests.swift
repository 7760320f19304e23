import Basics
import Certificates
import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Vault

@Suite("States of a real server")
struct ServerStateTests {
    @Test("a sealed server is reported, and read again when unsealed, by the same client")
    func sealed() async throws {
        let server = try await BaoServer.start()
        try await server.call("POST", "secret/data/a", ["data": ["crt": "C"]])
        let vault = try server.vault(timing: TestTiming().timing())
        #expect(try await server.send("GET", "sys/health").status == 200)
        #expect(try await vault.readSecret("secret/a") != nil)

        let key = try await eventually("the unseal key is in the log") {
            server.process.logTail(lines: 200).firstMatch(of: /Unseal Key: (\S+)/).map { String($0.1) }
        }
        try await server.call("PUT", "sys/seal")
        #expect(try await server.send("GET", "sys/health").status == 503)
        let error = await failure { () throws(VaultError) in try await vault.readSecret("secret/a") }
        #expect(error == .sealed(path: "secret/data/a"))

        try await server.call("PUT", "sys/unseal", ["key": .string(key)])
        try await eventually("the server is active again") { try await server.send("GET", "sys/health").status == 200 }
        #expect(try await vault.readSecret("secret/a")?.version?.number == 1)
        await server.process.stop()
    }

    @Test("a read from a frozen server takes the timeout, and succeeds when the server continues")
    func frozen() async throws {
        let server = try await BaoServer.start()
        try await server.call("POST", "secret/data/a", ["data": ["crt": "C"]])
        let vault = try server.vault(timing: TestTiming().timing()) { $0.timeout = .milliseconds(800) }
        #expect(try await vault.readSecret("secret/a") != nil)
        try await server.process.freeze()
        let start = ContinuousClock.now
        let error = await failure { () throws(VaultError) in try await vault.readSecret("secret/a") }
        #expect(ContinuousClock.now - start < .seconds(5))
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        server.process.signal(SIGCONT)
        #expect(try await vault.readSecret("secret/a") != nil)
        await server.process.stop()
    }

    @Test("TLS: only the given CA is trusted, and a certificate error is not retried")
    func tls() async throws {
        let server = try await BaoServer.start(tls: true)
        let authority = server.folder.appending(path: "vault-ca.pem").path
        try await server.call("POST", "secret/data/a", ["data": ["crt": "C"]])
        let trusting = try VaultConfiguration(environment: ["VAULT_ADDR": server.address, "VAULT_CACERT": authority])
        #expect(try await server.vault { $0 = trusting }.readSecret("secret/a") != nil)
        let bytes = try String(contentsOfFile: authority, encoding: .utf8)
        let inline = try VaultConfiguration(environment: ["VAULT_ADDR": server.address, "VAULT_CACERT_BYTES": bytes])
        #expect(try await server.vault { $0 = inline }.readSecret("secret/a") != nil)

        let time = TestTiming()
        let plain = try VaultConfiguration(environment: ["VAULT_ADDR": server.address])
        let vault = try server.vault(timing: time.timing()) { $0 = plain }
        let error = await failure { () throws(VaultError) in try await vault.logIn() }
        guard case .loginFailed(_, .unreachable(let cause)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.code == .tlsUntrusted)
        #expect(time.sleeps == [])
        await server.process.stop()
    }

    @Test("a unix socket can be the address")
    func unixSocket() async throws {
        let folder = try TemporaryFolder.make("socket")
        let socket = folder.appending(path: "bao.sock").path
        let server = try await BaoServer.start(configuration: #"listener "unix" { address = "\#(socket)" }"#)
        try await server.call("POST", "secret/data/a", ["data": ["crt": "C"]])
        let configuration = try VaultConfiguration(environment: ["VAULT_ADDR": "unix://\(socket)"])
        #expect(try await server.vault { $0 = configuration }.readSecret("secret/a")?.version?.number == 1)
        await server.process.stop()
    }

    @Test("namespaces are separate")
    func namespace() async throws {
        let server = try await BaoServer.start()
        try await server.call("POST", "sys/namespaces/team")
        try await server.call("POST", "team/sys/mounts/secret", ["type": "kv", "options": ["version": "2"]])
        try await eventually("the engine is ready") {
            try await server.send("POST", "team/secret/data/a", ["data": ["crt": "C"]]).status == 200
        }
        #expect(try await server.vault().readSecret("secret/a") == nil)
        #expect(try await server.vault { $0.namespace = "team" }.readSecret("secret/a")?.version?.number == 1)
        await server.process.stop()
    }

    @Test("the PKI engine issues a certificate that Certificates accepts, with the TTL of the role")
    func pki() async throws {
        let server = try await BaoServer.start()
        try await server.call("POST", "sys/mounts/pki", ["type": "pki", "config": ["max_lease_ttl": "87600h"]])
        try await server.call("POST", "pki/root/generate/internal", ["common_name": "Test root", "ttl": "87600h"])
        try await server.call(
            "POST", "pki/roles/ingress",
            ["allowed_domains": ["example.com"], "allow_subdomains": true, "ttl": "7200s"])
        let vault = try server.vault()
        let before = Date()
        let bundles = try CertificateBundles.parse(
            try await vault.issue(mount: "pki", role: "ingress", commonName: "a.example.com"))
        let bundle = bundles.first
        try bundle.check(host: "a.example.com", now: Date())
        #expect(bundle.leaf.names == ["a.example.com"])
        #expect(abs(bundle.leaf.notAfter.timeIntervalSince(before) - 7200) < 60)
        #expect(bundles.remarks == [])

        let error = await failure { () throws(VaultError) in
            try await vault.issue(mount: "pki", role: "ingress", commonName: "a.example.org")
        }
        guard case .rejected("pki/issue/ingress", 400, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await server.process.stop()
    }

    @Test("an issued certificate is renewed at two thirds of its life, up to a fifteenth earlier")
    func renewal() {
        let start = Date(timeIntervalSince1970: 0)
        let end = start + 90 * 86400
        #expect(VaultClient.renewalInstant(notBefore: start, notAfter: end, random: 0) == start + 60 * 86400)
        #expect(
            abs(
                VaultClient.renewalInstant(notBefore: start, notAfter: end, random: 1).timeIntervalSince1970 - 54
                    * 86400) < 1)
    }
}
