internal import Basics
internal import Certificates
public import Kubernetes
internal import KubernetesAPI
public import NginxConfig
internal import Routing
public import Vault

public import struct Foundation.Date

/// Reads one certificate: from the paths of the request in order, else from the PKI engine.
public struct CertificateReader: SecretReader {
    public struct PKI: Sendable, Equatable {
        public var mount: String
        public var role: String

        public init(mount: String, role: String) {
            self.mount = mount
            self.role = role
        }
    }

    private typealias Answer = SecretAnswer<ReadCertificate>

    private let vault: VaultClient?
    private let pki: PKI?
    let cluster: KubernetesClient?

    /// - Parameters:
    ///   - vault: nil where there is none: what the last run served is all there is then.
    ///   - cluster: for certificates in Secrets; nil where they are not to be read.
    public init(vault: VaultClient?, pki: PKI?, cluster: KubernetesClient? = nil) {
        self.vault = vault
        self.pki = pki
        self.cluster = cluster
    }

    public func read(
        _ request: CertificateRequest, known: ServedCertificate?, now: Date
    ) async -> SecretAnswer<ReadCertificate> {
        if let secret = request.secret { return await read(secret, request, now: now) }
        guard let vault else { return .problem(.noVault) }
        guard !request.paths.isEmpty else {
            return .problem(SecretProblem(.missing, "the name of the Ingress is no DNS name, so there is no path"))
        }
        do throws(VaultError) {
            for path in request.paths {
                if let known, let version = known.version, known.source == ServedCertificate.vaultPrefix + path,
                    try await vault.currentVersion(path) == .version(version), known.isValid(now)
                {
                    return .unchanged
                }
                if let secret = try await vault.readSecret(path) {
                    return parse(secret, path: path, request, now: now)
                }
            }
            return try await issue(request, from: vault, known: known, now: now)
        } catch {
            return .problem(SecretProblem(.unavailable, "\(error)"))
        }
    }

    private func parse(_ secret: SecretVersion, path: String, _ request: CertificateRequest, now: Date) -> Answer {
        guard let chain = secret.fields["crt"], let key = secret.fields["key"] else {
            let found = secret.fields.keys.sorted().joined(separator: ", ")
            return .problem(
                SecretProblem(
                    .invalid, "\(path): expected the fields crt and key, found \(found.isEmpty ? "none" : found)"))
        }
        do throws(CertificateError) {
            let bundle = try bundle(chain, key)
            try bundle.check(host: request.subject.name, now: now)
            return .found(
                ReadCertificate(
                    bundle: bundle, source: ServedCertificate.vaultPrefix + path, version: secret.version))
        } catch {
            return .problem(SecretProblem(.invalid, "\(path): \(error)"))
        }
    }

    private func bundle(_ chain: Secret, _ key: Secret) throws(CertificateError) -> CertificateBundle {
        try CertificateBundle.parse(CertificatePEM(chain: chain.withUnsafeBytes { Array($0) }, key: key))
    }

    private func issue(
        _ request: CertificateRequest, from vault: VaultClient, known: ServedCertificate?, now: Date
    ) async throws(VaultError) -> Answer {
        guard let pki, let name = request.subject.name else {
            return .problem(
                SecretProblem(.missing, "no certificate at \(request.paths.joined(separator: " or "))"))
        }
        let source = "pki:\(pki.mount)/\(pki.role)"
        if let known, known.source == source, now < known.renewal { return .unchanged }
        let issued = try await vault.issue(mount: pki.mount, role: pki.role, commonName: name)
        do throws(CertificateError) {
            let bundle = try CertificateBundle.parse(issued)
            try bundle.check(host: name, now: now)
            return .found(ReadCertificate(bundle: bundle, source: source, version: nil))
        } catch {
            return .problem(SecretProblem(.invalid, "\(source): \(error)"))
        }
    }
}

extension CertificateSubject {
    /// The name that the certificate has to cover; nil for none in particular.
    var name: String? {
        if case .host(let host) = self { host.name } else { nil }
    }
}

extension ServedCertificate {
    static let vaultPrefix = "vault:"
    static let secretPrefix = "secret:"

    fileprivate func isValid(_ now: Date) -> Bool { Int(now.timeIntervalSince1970) <= notAfter }

    /// Chance comes from the certificate itself: drawn anew at every look, the earliest of many draws would count, and
    /// certificates issued together would be renewed together after all.
    fileprivate var renewal: Date {
        let digits = UInt32(address.text.prefix(8), radix: 16) ?? 0
        return VaultClient.renewalInstant(
            notBefore: Date(timeIntervalSince1970: Double(notBefore)),
            notAfter: Date(timeIntervalSince1970: Double(notAfter)), random: Double(digits) / Double(UInt32.max))
    }
}
