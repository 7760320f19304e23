internal import Basics
import Foundation
import HTTPClient

/// Reads tokens, secret ids and client certificates from files. Blocks for microseconds only, because the files are
/// small.
enum LocalFile {
    /// Reads a secret, without the line break that editors and `echo` append.
    static func secret(_ path: String) throws(VaultError) -> Secret {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .credentials(file: path, reason: "cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmed
        guard !text.isEmpty else { throw .credentials(file: path, reason: "is empty") }
        guard text.utf8.count <= 64 * 1024, VaultVariables.isHeaderValue(text) else {
            throw .credentials(file: path, reason: "is not a single word of printable ASCII")
        }
        return Secret(text)
    }
}

extension VaultConfiguration.ClientCertificate {
    func read() throws(VaultConfigurationError) -> TLSOptions.Identity {
        guard let certificate = FileManager.default.contents(atPath: certificateFile) else {
            throw VaultConfigurationError(
                variable: "VAULT_CLIENT_CERT", found: certificateFile, expected: "a readable file")
        }
        guard let key = FileManager.default.contents(atPath: keyFile) else {
            throw VaultConfigurationError(
                variable: "VAULT_CLIENT_KEY", found: keyFile, expected: "a readable file")
        }
        return TLSOptions.Identity(certificate: [UInt8](certificate), key: [UInt8](key))
    }
}
