public import Basics
public import Foundation
import HTTPClient

extension VaultClient {
    /// Requests a new key and certificate from the PKI engine (`POST <mount>/issue/<role>`). They have no lease and are
    /// valid for the TTL of the role.
    ///
    /// - Returns: the leaf first, then its issuers.
    public func issue(mount: String, role: String, commonName: String) async throws(VaultError) -> CertificatePEM {
        struct Answer: Decodable {
            struct Issued: Decodable {
                var certificate: String
                var issuer: String?
                var chain: [String]?
                var key: Secret

                enum CodingKeys: String, CodingKey {
                    case certificate
                    case issuer = "issuing_ca"
                    case chain = "ca_chain"
                    case key = "private_key"
                }
            }
            var data: Issued
        }
        let request = try VaultRequest.post("\(mount)/issue/\(role)", ["common_name": commonName])
        // Each issue costs Vault a new key pair, and a new replica needs one for every host.
        try await issues.enter()
        defer { issues.leave() }
        let issued = try (try await call(request)).decode(Answer.self, path: request.path).data
        let issuers = issued.chain ?? issued.issuer.map { [$0] } ?? []
        return CertificatePEM(
            chain: Array(([issued.certificate] + issuers).joined(separator: "\n").utf8) + [0x0A], key: issued.key)
    }

    /// The time at which an issued certificate is renewed: after two thirds of its lifetime, minus up to one fifteenth
    /// of it, so that certificates issued together are not renewed together.
    ///
    /// | lifetime | random | renewal after |
    /// |---|---|---|
    /// | 90 days | 0 | 60 days |
    /// | 90 days | 1 | 54 days |
    public static func renewalInstant(notBefore: Date, notAfter: Date, random: Double) -> Date {
        notBefore + notAfter.timeIntervalSince(notBefore) * (2.0 / 3 - random / 15)
    }
}
