internal import Basics
import Foundation
import HTTPClient

/// Small local files: tokens, secret ids, client certificates. Reading a few hundred bytes of them takes microseconds,
/// so that it is done in place.
enum LocalFile {
    /// Without the white space around it, which editors and `echo` leave behind.
    static func secret(_ path: String) throws(VaultError) -> Secret {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .credentials(file: path, reason: "cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmed
        guard !text.isEmpty else { throw .credentials(file: path, reason: "is empty") }
        guard text.utf8.count <= 64 * 1024, VaultVariables.isHeaderValue(text) else {
            throw .credentials(file: path, reason: "is not one word of printable ASCII")
        }
        return Secret(text)
    }
}

extension VaultConfiguration.ClientCertificate {
    func read() throws(VaultConfigurationError) -> TLSOptions.Identity {
        guard let certificate = FileManager.default.contents(atPath: certificateFile) else {
            throw VaultConfigurationError(
                variable: "VAULT_CLIENT_CERT", found: certificateFile, expected: "a file that can be read")
        }
        guard let key = FileManager.default.contents(atPath: keyFile) else {
            throw VaultConfigurationError(
                variable: "VAULT_CLIENT_KEY", found: keyFile, expected: "a file that can be read")
        }
        return TLSOptions.Identity(certificate: [UInt8](certificate), key: [UInt8](key))
    }
}
