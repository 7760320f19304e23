internal import Basics
internal import NginxConfig
internal import Routing
public import Vault

public import struct Foundation.Date

/// Reads a list of users: the field `htpasswd` of a secret in Vault.
public struct HtpasswdReader: SecretReader {
    static let field = "htpasswd"

    private let vault: VaultClient?

    public init(vault: VaultClient?) {
        self.vault = vault
    }

    /// Problems name neither users nor hashes, nor the secret's other fields: they may be names.
    public func read(
        _ request: HtpasswdRequest, known: KeptHtpasswd?, now: Date
    ) async -> SecretAnswer<ReadHtpasswd> {
        guard let vault else { return .problem(.noVault) }
        let path = request.subject.text
        do throws(VaultError) {
            if let version = known?.version, try await vault.currentVersion(path) == .version(version) {
                return .unchanged
            }
            guard let secret = try await vault.readSecret(path) else {
                return .problem(SecretProblem(.missing, "there is no such secret"))
            }
            guard let htpasswd = secret.fields[Self.field] else {
                return .problem(SecretProblem(.invalid, "expected the field \(Self.field), found none"))
            }
            return parse(htpasswd, version: secret.version)
        } catch {
            return .problem(SecretProblem(.unavailable, "\(error)"))
        }
    }

    private func parse(_ htpasswd: Secret, version: Int?) -> SecretAnswer<ReadHtpasswd> {
        do throws(Htpasswd.Problem) {
            let list = try htpasswd.withUnsafeBytes { bytes throws(Htpasswd.Problem) in
                try Htpasswd(htpasswd: bytes)
            }
            return .found(ReadHtpasswd(list: list, version: version))
        } catch {
            return .problem(SecretProblem(.invalid, "\(Self.field), \(error)"))
        }
    }
}
