import ArgumentParser
import Testing

@testable import vault_ingress

@Suite("Settings about Vault")
struct VaultSettingsTests {
    private func settings(_ arguments: [String], _ environment: [String: String]) throws -> VaultSettings {
        var reader = SettingReader(environment: environment)
        return try VaultSettings(VaultOptions.parse(arguments), &reader)
    }

    private static let address = ["VAULT_ADDR": "http://127.0.0.1:8200"]

    @Test("Vault is not used without VAULT_ADDR, or when it is disabled")
    func off() throws {
        #expect(try settings([], [:]).connection == nil)
        #expect(try settings([], Self.address.merging(["VAULT_ENABLED": "false"]) { $1 }).connection == nil)
        #expect(try settings([], Self.address.merging(["VAULT_TOKEN": "t"]) { $1 }).connection != nil)
    }

    @Test("the flag overrides the variable, and the variable VAULT_REFRESH_INTERVAL in minutes")
    func refresh() throws {
        let older = Self.address.merging(["VAULT_TOKEN": "t", "VAULT_REFRESH_INTERVAL": "2"]) { $1 }
        #expect(try settings([], [:]).refresh == .seconds(60))
        #expect(try settings([], older).refresh == .seconds(120))
        #expect(try settings([], older.merging(["VAULT_REFRESH": "5s"]) { $1 }).refresh == .seconds(5))
        #expect(try settings(["--vault-refresh", "3s"], older).refresh == .seconds(3))
    }

    @Test(
        "an invalid value is reported with what was expected",
        arguments: [
            ([], [:], "VAULT_ADDR is set without a login: expected VAULT_TOKEN or VAULT_TOKEN_FILE, or"),
            (["--vault-auth", "ldap"], [:], "--vault-auth 'ldap': expected one of token, kubernetes, approle"),
            (
                ["--vault-auth", "kubernetes"], [:],
                "--vault-auth 'kubernetes': expected --vault-role or VAULT_ROLE as well, got neither"
            ),
            (
                ["--vault-auth", "approle"], [:],
                "--vault-auth 'approle': expected --vault-role-id or VAULT_ROLE_ID as well, got neither"
            ),
            (["--vault-refresh", "10ms"], [:], "--vault-refresh '10ms': expected at least 1s, got '10ms'"),
            (["--vault-path", "secret/ssl"], [:], "--vault-path 'secret/ssl': expected a path with {host}"),
            (
                ["--vault-path", "secret/{name}/{host}"], [:],
                "--vault-path 'secret/{name}/{host}': expected no placeholders"
            ),
            (["--vault-pki", "pki"], [:], "--vault-pki 'pki': expected MOUNT/ROLE"),
            (["--vault-concurrency", "0"], [:], "--vault-concurrency '0': expected a number from 1 to 1000"),
            (["--vault-kv-version", "3"], [:], "--vault-kv-version '3': expected a number from 1 to 2"),
            ([], ["VAULT_TOKEN_SECRET": "a"], "VAULT_TOKEN_SECRET 'a': expected NAMESPACE/NAME"),
            ([], ["VAULT_TOKEN_SECRET": "a/../b"], "VAULT_TOKEN_SECRET 'a/../b': expected NAMESPACE/NAME"),
            ([], ["VAULT_RATE_LIMIT": "x", "VAULT_TOKEN": "t"], "VAULT_RATE_LIMIT 'x': expected"),
        ] as [([String], [String: String], String)])
    func invalid(arguments: [String], environment: [String: String], message: String) {
        let error = #expect(throws: UsageError.self) {
            try settings(arguments, Self.address.merging(environment) { $1 })
        }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }
}
