internal import Basics
public import NginxConfig
public import Routing
public import Vault

public import struct Foundation.Date

/// Issues certificates with a role of the PKI engine of Vault, and renews them before they expire.
public struct PKIProvider: CertificateProvider {
    private let vault: VaultClient?
    private let role: PKIRole

    /// - Parameter vault: nil if no Vault is configured.
    public init(vault: VaultClient?, role: PKIRole) {
        self.vault = vault
        self.role = role
    }

    public func candidates(for host: Host, owner: OwnerRef) -> [CertificateSource] { [.pki(role)] }

    public func read(
        _ source: CertificateSource, for name: String?, known: ServedCertificate?, now: Date
    ) async -> ProvidedCertificate? {
        guard case .pki(let role) = source else { return nil }
        guard let vault else { return .problem(.noVault) }
        guard let name else { return .absent }
        if let known, now < known.renewal { return .unchanged }
        do throws(VaultError) {
            return .found(try await vault.issue(mount: role.mount, role: role.role, commonName: name), version: nil)
        } catch {
            // Such as a name that the role does not allow. It is not asked for again in each interval.
            if case .rejected = error { return .problem(SecretProblem(.invalid, "\(error)")) }
            return .problem(SecretProblem(error))
        }
    }
}

extension ServedCertificate {
    /// The random part is derived from the certificate. With a new random number at every check, the smallest of
    /// many numbers would decide, and certificates issued together would be renewed together.
    var renewal: Date {
        let digits = UInt32(address.text.prefix(8), radix: 16) ?? 0
        return VaultClient.renewalInstant(
            notBefore: Date(timeIntervalSince1970: Double(notBefore)),
            notAfter: Date(timeIntervalSince1970: Double(notAfter)), random: Double(digits) / Double(UInt32.max))
    }
}
