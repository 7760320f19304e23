internal import Basics
internal import Certificates
internal import Foundation
internal import NginxConfig
internal import Routing
internal import Vault

/// Reads htpasswd files: the field `htpasswd` of a secret in Vault.
struct HtpasswdReader: Sendable {
    typealias Answer = SourceAnswer<ReadHtpasswd>

    private static let field = "htpasswd"

    let vault: VaultClient?

    /// The text of a problem names neither users nor hashes. It also does not name other fields of the secret, which
    /// may be user names.
    func read(_ path: VaultPath, known: KnownSecret<HtpasswdFile>?) async -> Answer {
        guard let vault else { return .problem(.noVault) }
        do throws(VaultError) {
            switch try await vault.readSecret(path.text, unlessVersion: known?.stored.version) {
            case .unchanged: return .unchanged
            case .absent: return .absent
            case .found(let secret): return parse(secret, path: path)
            }
        } catch {
            return .problem(SecretProblem(error))
        }
    }

    private func parse(_ secret: SecretVersion, path: VaultPath) -> Answer {
        guard let text = secret.fields[Self.field] else {
            return .problem(SecretProblem(.invalid, "expected the field \(Self.field), found none"))
        }
        do {
            let htpasswd = try text.withUnsafeBytes { try Htpasswd(htpasswd: $0) }
            let digest = try ContentAddress(SHA256.hex(of: htpasswd.text))
            let file = HtpasswdFile(
                path: path, sha256: digest, version: secret.version, skippedLines: htpasswd.skippedLines)
            return .found(
                ReadHtpasswd(file: file, htpasswd: htpasswd),
                fingerprint: "\(digest) \(secret.version.map { "\($0)" } ?? "")")
        } catch {
            return .problem(SecretProblem(.invalid, "\(Self.field), \(error)"))
        }
    }
}

/// A checked htpasswd file, and the file that it becomes.
public struct ReadHtpasswd: Sendable {
    let file: HtpasswdFile
    let htpasswd: Htpasswd
}
