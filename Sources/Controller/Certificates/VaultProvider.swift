internal import Basics
public import NginxConfig
public import Routing
public import Vault

public import struct Foundation.Date

/// Reads certificates from the KV engine of Vault: the fields of a secret that `CertificatePEM` names.
public struct VaultProvider: CertificateProvider {
    private let vault: VaultClient?
    private let template: CertificatePathTemplate

    /// - Parameter vault: nil if no Vault is configured. Its certificates from the last run stay in use then.
    public init(vault: VaultClient?, template: CertificatePathTemplate) {
        self.vault = vault
        self.template = template
    }

    public func candidates(for host: Host, owner: OwnerRef) -> [CertificateSource] {
        template.paths(host: host, owner: owner).map(CertificateSource.vault)
    }

    public func read(
        _ source: CertificateSource, for name: String?, known: ServedCertificate?, now: Date
    ) async -> ProvidedCertificate? {
        guard case .vault(let path) = source else { return nil }
        guard let vault else { return .problem(.noVault) }
        do throws(VaultError) {
            // An expired certificate is read in any case: only its content shows what is wrong with it.
            let version = known.flatMap { $0.isValid(now) ? $0.version : nil }
            switch try await vault.readSecret(path, unlessVersion: version) {
            case .unchanged: return .unchanged
            case .absent: return .absent
            case .found(let secret): return Self.certificate(in: secret, path: path)
            }
        } catch {
            return .problem(SecretProblem(error))
        }
    }

    private static func certificate(in secret: SecretVersion, path: String) -> ProvidedCertificate {
        guard let pem = CertificatePEM(fields: secret.fields), !pem.keys.isEmpty || pem.isCombined else {
            let found = secret.fields.keys.sorted().joined(separator: ", ")
            return .problem(
                SecretProblem(
                    .invalid, "\(path): expected the fields crt and key, found \(found.isEmpty ? "none" : found)"))
        }
        return .found(pem, version: secret.version)
    }
}

extension ServedCertificate {
    fileprivate func isValid(_ now: Date) -> Bool { Int(now.timeIntervalSince1970) <= notAfter }
}
