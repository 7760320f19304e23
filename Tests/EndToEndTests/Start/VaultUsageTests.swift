import TestBed
import Testing

extension UsageTests {
    @Test(
        "an invalid value of a flag about Vault, with or without Vault",
        arguments: [
            Case(["--vault-path", "secret/ssl"], "--vault-path 'secret/ssl': expected a path with {host}"),
            Case(["--vault-path", "a/{name}/{host}"], "--vault-path 'a/{name}/{host}': expected no placeholders but"),
            Case(["--vault-path", "{host}"], "--vault-path '{host}': expected a path with {host} below an engine"),
            Case(["--basic-auth-prefix", "/secret"], "--basic-auth-prefix '/secret': expected a path such as secret/"),
            Case(["--basic-auth-prefix", "a/{host}"], "--basic-auth-prefix 'a/{host}': expected a path such as"),
            Case([], ["BASIC_AUTH_PREFIX": "a/../b"], "BASIC_AUTH_PREFIX 'a/../b': expected a path such as"),
            Case(["--vault-refresh", "60"], "--vault-refresh '60': expected a duration such as"),
            Case(["--vault-refresh", "500ms"], "--vault-refresh '500ms': expected at least 1s"),
            Case(["--vault-startup-wait", "1.5s"], "--vault-startup-wait '1.5s': expected a duration such as"),
            Case(["--vault-pki", "pki"], "--vault-pki 'pki': expected MOUNT/ROLE"),
            Case(["--vault-pki", "pki/"], "--vault-pki 'pki/': expected MOUNT/ROLE"),
            Case(["--vault-auth", "ldap"], "--vault-auth 'ldap': expected one of token, kubernetes, approle"),
            Case([], ["VAULT_AUTH": "x"], "VAULT_AUTH 'x': expected one of token, kubernetes, approle"),
            Case(["--vault-concurrency", "0"], "--vault-concurrency '0': expected a number from 1 to 1000"),
            Case(["--vault-kv-version", "3"], "--vault-kv-version '3': expected a number from 1 to 2"),
            Case([], ["VAULT_CONCURRENCY": "x"], "VAULT_CONCURRENCY 'x': expected a number from 1 to 1000"),
            Case([], ["VAULT_KV_VERSION": "0"], "VAULT_KV_VERSION '0': expected a number from 1 to 2"),
            Case(["--default-certificate", ""], "--default-certificate '': expected a path below an engine"),
            Case(["--hsts", "1y"], "--hsts '1y': expected a duration such as"),
            Case(["--https-port", "0"], "--https-port '0': expected a port from 1 to 65535"),
            Case([], ["HTTPS_PORT": "x"], "HTTPS_PORT 'x': expected a port from 1 to 65535"),
            Case([], ["VAULT_PATH": "x"], "VAULT_PATH 'x': expected a path with {host}"),
            Case([], ["VAULT_REFRESH": "0s"], "VAULT_REFRESH '0s': expected at least 1s"),
            Case([], ["VAULT_PKI": "/"], "VAULT_PKI '/': expected MOUNT/ROLE"),
            Case([], ["VAULT_STARTUP_WAIT": "x"], "VAULT_STARTUP_WAIT 'x': expected a duration such as"),
        ])
    func vaultFlag(_ test: Case) async throws { try await check(test.onManifests) }

    @Test(
        "an invalid or missing setting of a Vault that is used",
        arguments: [
            Case(
                [], [:], "VAULT_ADDR is set without a login: expected VAULT_TOKEN or VAULT_TOKEN_FILE, or"),
            Case([], ["VAULT_TOKEN": ""], "VAULT_ADDR is set without a login: expected VAULT_TOKEN"),
            Case(
                ["--vault-auth", "kubernetes"],
                "--vault-auth 'kubernetes': expected --vault-role or VAULT_ROLE as well, got neither"),
            Case(
                ["--vault-auth", "approle"],
                "--vault-auth 'approle': expected --vault-role-id or VAULT_ROLE_ID as well, got neither"),
            Case(["--vault-auth-mount", ""], "--vault-auth-mount '': expected a value"),
            Case(
                ["--vault-auth", "kubernetes", "--vault-role", "a", "--vault-jwt-file", ""],
                "--vault-jwt-file '': expected a value"),
            Case(
                ["--vault-auth", "approle", "--vault-role-id", "a", "--vault-secret-id-file", ""],
                "--vault-secret-id-file '': expected a value"),
            Case([], ["VAULT_ADDR": "vault:8200"], "VAULT_ADDR"),
            Case([], ["VAULT_CLIENT_TIMEOUT": "soon"], "VAULT_CLIENT_TIMEOUT"),
            Case([], ["VAULT_MAX_RETRIES": "-1"], "VAULT_MAX_RETRIES"),
            Case([], ["VAULT_RATE_LIMIT": "fast"], "VAULT_RATE_LIMIT"),
            Case([], ["VAULT_SKIP_VERIFY": "yes"], "VAULT_SKIP_VERIFY"),
            Case([], ["VAULT_CLIENT_CERT": "/a"], "VAULT_CLIENT_KEY"),
        ])
    func vaultSetting(_ test: Case) async throws {
        var test = test.onManifests
        test.environment.merge(["VAULT_ADDR": "http://127.0.0.1:1"]) { given, _ in given }
        try await check(test)
    }

    @Test("an invalid token is named without its value")
    func token() async throws {
        let environment = ["VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "s.two words"]
        let program = try await Program.run(
            ["run", "--manifests", "/nonexistent"], environment: environment, in: try await Self.folder.get())
        program.expectFailure(status: 64, "VAULT_TOKEN")
        #expect(!program.output.contains("two words"))
    }
}

extension UsageTests.Case {
    /// The case for `run` with a missing source: a command line that is accepted fails at the next step.
    fileprivate var onManifests: Self {
        var test = self
        test.arguments = ["run", "--manifests", "/nonexistent"] + arguments
        return test
    }
}
