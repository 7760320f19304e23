internal import Basics
import Foundation
import HTTPClient

/// Typed access to environment variables. Errors name the variable, what was found and what was expected.
struct VaultVariables {
    private let environment: [String: String]

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    func text(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func parse<Value>(
        _ name: String, older: String? = nil, expected: String, _ parse: (String) -> Value?
    ) throws(VaultConfigurationError) -> Value? {
        for name in [name, older].compactMap(\.self) {
            guard let text = text(name) else { continue }
            guard let value = parse(text) else {
                throw VaultConfigurationError(variable: name, found: text, expected: expected)
            }
            return value
        }
        return nil
    }

    /// The spellings of Go's strconv.ParseBool, as in Vault's own client.
    func boolean(_ name: String) throws(VaultConfigurationError) -> Bool? {
        try parse(name, expected: "true or false") { text in
            switch text {
            case "1", "t", "T", "true", "TRUE", "True": true
            case "0", "f", "F", "false", "FALSE", "False": false
            default: nil
            }
        }
    }

    func count(_ name: String, older: String) throws(VaultConfigurationError) -> Int? {
        try parse(name, older: older, expected: "a whole number, 0 or more") { text in
            Int(text).flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    func minutes(_ name: String) throws(VaultConfigurationError) -> Duration? {
        try parse(name, expected: "a whole number of minutes, 1 to 10080") { text in
            Int(text).flatMap { (1...10080).contains($0) ? .seconds($0 * 60) : nil }
        }
    }

    func duration(_ name: String, older: String) throws(VaultConfigurationError) -> Duration? {
        try parse(name, older: older, expected: "seconds or a duration such as 90s or 1m30s, more than 0") { text in
            GoDuration.parse(text).flatMap { $0 > .zero && $0 <= .seconds(86_400) ? $0 : nil }
        }
    }

    func rateLimit(_ name: String) throws(VaultConfigurationError) -> VaultConfiguration.RateLimit? {
        try parse(name, expected: "rate[:burst], requests a second and a whole number, both more than 0") { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let rate = Double(parts[0]), rate > 0, rate.isFinite, rate < 1e9 else { return nil }
            guard parts.count == 2 else { return .init(perSecond: rate, burst: max(1, Int(rate))) }
            guard let burst = Int(parts[1]), burst > 0 else { return nil }
            return .init(perSecond: rate, burst: burst)
        }
    }

    func address(_ name: String) throws(VaultConfigurationError) -> (url: String, unixSocket: String?)? {
        try parse(name, expected: "https://HOST[:PORT], http://HOST[:PORT] or unix:///PATH") { text in
            if text.hasPrefix("unix://") {
                let path = String(text.dropFirst("unix://".count))
                return path.hasPrefix("/") && path.count > 1 ? (url: "http://localhost", unixSocket: path) : nil
            }
            return Self.httpURL(text).map { (url: $0, unixSocket: nil) }
        }
    }

    func proxy(_ name: String) throws(VaultConfigurationError) -> String? {
        try parse(name, expected: "http://HOST:PORT or https://HOST:PORT", Self.httpURL)
    }

    /// Without a trailing slash. Query, fragment and user information are rejected.
    private static func httpURL(_ text: String) -> String? {
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = url.host, !host.isEmpty,
            url.user == nil, url.query == nil, url.fragment == nil, url.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// Without characters that could end a header line.
    func headerValue(_ name: String) throws(VaultConfigurationError) -> String? {
        try parse(name, expected: "printable ASCII without spaces") { Self.isHeaderValue($0) ? $0 : nil }
    }

    func secret(_ name: String) throws(VaultConfigurationError) -> Secret? {
        guard let text = text(name) else { return nil }
        guard Self.isHeaderValue(text) else {
            throw VaultConfigurationError(variable: name, found: nil, expected: "printable ASCII without spaces")
        }
        return Secret(text)
    }

    static func isHeaderValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    func trust() throws(VaultConfigurationError) -> TLSOptions.Trust {
        if try boolean("VAULT_SKIP_VERIFY") == true { return .anything }
        if let file = text("VAULT_CACERT") { return .file(file) }
        if let pem = text("VAULT_CACERT_BYTES") {
            guard pem.contains("-----BEGIN CERTIFICATE-----") else {
                throw VaultConfigurationError(
                    variable: "VAULT_CACERT_BYTES", found: String(pem.prefix(40)), expected: "a PEM certificate")
            }
            return .pem(Array(pem.utf8))
        }
        if let folder = text("VAULT_CAPATH") { return .directory(folder) }
        return .system
    }

    func clientCertificate() throws(VaultConfigurationError) -> VaultConfiguration.ClientCertificate? {
        switch (text("VAULT_CLIENT_CERT"), text("VAULT_CLIENT_KEY")) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return .init(certificateFile: certificate, keyFile: key)
        case (let certificate?, nil):
            throw VaultConfigurationError(
                variable: "VAULT_CLIENT_CERT", found: certificate, expected: "VAULT_CLIENT_KEY to be set as well")
        case (nil, let key?):
            throw VaultConfigurationError(
                variable: "VAULT_CLIENT_KEY", found: key, expected: "VAULT_CLIENT_CERT to be set as well")
        }
    }
}
