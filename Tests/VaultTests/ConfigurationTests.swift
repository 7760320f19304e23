import Basics
import HTTPClient
import TestBed
import Testing

@testable import Vault

@Suite("Vault's environment variables")
struct ConfigurationTests {
    private func read(_ environment: [String: String]) throws(VaultConfigurationError) -> VaultConfiguration {
        try VaultConfiguration(environment: environment)
    }

    private func complaint(_ environment: [String: String]) -> String? {
        do throws(VaultConfigurationError) {
            _ = try read(environment)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("an empty environment gives the defaults of Vault's own client")
    func defaults() throws {
        for environment in [[:], ["VAULT_ADDR": "", "VAULT_MAX_RETRIES": "", "VAULT_CACERT": ""]] {
            let configuration = try read(environment)
            #expect(configuration.isEnabled)
            #expect(configuration.address == "https://127.0.0.1:8200")
            #expect(configuration.timeout == .seconds(60))
            #expect(configuration.maximumRetries == 2)
            #expect(configuration.concurrency == 32)
            #expect(configuration.trust == .system)
            #expect(configuration.token == nil && configuration.rateLimit == nil && configuration.proxy == nil)
        }
    }

    @Test(
        "an address is a URL or a unix socket",
        arguments: [
            ("https://vault.example.com:8200", "https://vault.example.com:8200", nil),
            ("https://vault.example.com/", "https://vault.example.com", nil),
            ("http://[::1]:8200", "http://[::1]:8200", nil),
            ("https://example.com/vault/", "https://example.com/vault", nil),
            ("unix:///run/vault.sock", "http://localhost", "/run/vault.sock"),
        ] as [(String, String, String?)])
    func address(text: String, url: String, socket: String?) throws {
        let configuration = try read(["VAULT_ADDR": text])
        #expect(configuration.address == url)
        #expect(configuration.unixSocket == socket)
    }

    @Test("the precedence is SKIP_VERIFY, CACERT, CACERT_BYTES, CAPATH")
    func trust() throws {
        let pem = "-----BEGIN CERTIFICATE-----\n"
        var environment = ["VAULT_CAPATH": "/certs"]
        #expect(try read(environment).trust == .directory("/certs"))
        environment["VAULT_CACERT_BYTES"] = pem
        #expect(try read(environment).trust == .pem(Array(pem.utf8)))
        environment["VAULT_CACERT"] = "/ca.pem"
        #expect(try read(environment).trust == .file("/ca.pem"))
        environment["VAULT_SKIP_VERIFY"] = "true"
        #expect(try read(environment).trust == .anything)
        environment["VAULT_SKIP_VERIFY"] = "0"
        #expect(try read(environment).trust == .file("/ca.pem"))
    }

    @Test("the predecessor's names are read if the standard ones are not set")
    func olderNames() throws {
        var environment = ["VAULT_TIMEOUT": "5", "VAULT_RETRIES": "7", "VAULT_REFRESH_INTERVAL": "3"]
        var configuration = try read(environment)
        #expect(configuration.timeout == .seconds(5))
        #expect(configuration.maximumRetries == 7)
        #expect(configuration.refreshInterval == .seconds(180))
        environment["VAULT_CLIENT_TIMEOUT"] = "1m30s"
        environment["VAULT_MAX_RETRIES"] = "0"
        configuration = try read(environment)
        #expect(configuration.timeout == .seconds(90))
        #expect(configuration.maximumRetries == 0)
    }

    @Test("with VAULT_ENABLED=false, no other variable is read")
    func disabled() throws {
        #expect(try read(["VAULT_ENABLED": "false", "VAULT_ADDR": "nonsense"]).isEnabled == false)
    }

    @Test(
        "a rate limit is requests per second, and a burst after the colon",
        arguments: [("10", 10, 10), ("0.5", 0.5, 1), ("100:20", 100, 20)] as [(String, Double, Int)])
    func rate(text: String, rate: Double, burst: Int) throws {
        #expect(try read(["VAULT_RATE_LIMIT": text]).rateLimit == .init(perSecond: rate, burst: burst))
    }

    @Test(
        "an invalid value is named, with what was found and expected",
        arguments: [
            ("VAULT_ADDR", "vault:8200", "https://HOST[:PORT], http://HOST[:PORT] or unix:///PATH"),
            ("VAULT_ADDR", "https://", "https://HOST[:PORT], http://HOST[:PORT] or unix:///PATH"),
            ("VAULT_ADDR", "https://me:secret@vault", "https://HOST[:PORT], http://HOST[:PORT] or unix:///PATH"),
            ("VAULT_ADDR", "unix://socket", "https://HOST[:PORT], http://HOST[:PORT] or unix:///PATH"),
            ("VAULT_ENABLED", "maybe", "true or false"),
            ("VAULT_SKIP_VERIFY", "yes", "true or false"),
            ("VAULT_MAX_RETRIES", "-1", "a whole number, 0 or more"),
            ("VAULT_RETRIES", "many", "a whole number, 0 or more"),
            ("VAULT_CLIENT_TIMEOUT", "soon", "seconds or a duration such as 90s or 1m30s, more than 0"),
            ("VAULT_TIMEOUT", "0", "seconds or a duration such as 90s or 1m30s, more than 0"),
            ("VAULT_REFRESH_INTERVAL", "1.5", "a whole number of minutes, 1 to 10080"),
            ("VAULT_RATE_LIMIT", "10:", "rate[:burst], requests a second and a whole number, both more than 0"),
            ("VAULT_RATE_LIMIT", "nan", "rate[:burst], requests a second and a whole number, both more than 0"),
            ("VAULT_PROXY_ADDR", "proxy:3128", "http://HOST:PORT or https://HOST:PORT"),
            ("VAULT_NAMESPACE", "a b", "printable ASCII without spaces"),
            ("VAULT_CACERT_BYTES", "hello", "a PEM certificate"),
            ("VAULT_CLIENT_CERT", "/c.pem", "VAULT_CLIENT_KEY to be set as well"),
            ("VAULT_CLIENT_KEY", "/k.pem", "VAULT_CLIENT_CERT to be set as well"),
        ])
    func malformed(variable: String, value: String, expected: String) {
        #expect(complaint([variable: value]) == "\(variable) '\(value)': expected \(expected), got '\(value)'")
    }

    @Test("an invalid token is not quoted")
    func malformedToken() {
        #expect(complaint(["VAULT_TOKEN": "s.secret\n"]) == "VAULT_TOKEN: expected printable ASCII without spaces")
    }

    @Test("a client certificate that cannot be read is named by its variable")
    func missingClientCertificate() {
        var configuration = VaultConfiguration()
        configuration.clientCertificate = .init(certificateFile: "/nowhere.pem", keyFile: "/nowhere.key")
        #expect(throws: VaultConfigurationError.self) {
            try VaultClient(
                configuration: configuration, login: .token(Secret("t")), transport: HTTPClient(),
                logger: LogRecorder().logger)
        }
    }

    @Test(
        "durations are whole seconds, or in Go's format",
        arguments: [
            ("90", .seconds(90)), ("1m30s", .seconds(90)), ("1.5h", .seconds(5400)), ("100ms", .milliseconds(100)),
            ("", nil), ("1", .seconds(1)), ("1x", nil), ("m", nil), ("1m30", nil), ("1e3s", nil), ("-1s", nil),
        ] as [(String, Duration?)])
    func durations(text: String, expected: Duration?) {
        #expect(GoDuration.parse(text) == expected)
    }
}
