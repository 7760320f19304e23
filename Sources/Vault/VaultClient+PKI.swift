public import Basics
public import Foundation
import HTTPClient

/// What the PKI engine made. It has no lease: it lives until its notAfter.
public struct IssuedCertificate: Sendable, Equatable {
    /// Leaf first, then the issuing CA and those above it.
    public let certificatePEM: [UInt8]
    public let keyPEM: Secret
    public let notAfter: Date
}

extension VaultClient {
    /// Has the PKI engine make a key and a certificate (`POST <mount>/issue/<role>`).
    ///
    /// - Parameters:
    ///   - altNames: further DNS names.
    ///   - ttl: nil for the role's own.
    public func issue(
        mount: String, role: String, commonName: String, altNames: [String] = [], ttl: Duration? = nil
    ) async throws(VaultError) -> IssuedCertificate {
        struct Answer: Decodable {
            struct Issued: Decodable {
                var certificate: String
                var issuer: String?
                var chain: [String]?
                var key: Secret
                var expiration: Int64

                enum CodingKeys: String, CodingKey {
                    case certificate, expiration
                    case issuer = "issuing_ca"
                    case chain = "ca_chain"
                    case key = "private_key"
                }
            }
            var data: Issued
        }
        var fields = ["common_name": commonName]
        if !altNames.isEmpty { fields["alt_names"] = altNames.joined(separator: ",") }
        if let ttl { fields["ttl"] = "\(ttl.components.seconds)s" }
        let request = try VaultRequest.post("\(mount)/issue/\(role)", fields)
        let issued = try (try await call(request)).decode(Answer.self, path: request.path).data
        let above = issued.chain ?? issued.issuer.map { [$0] } ?? []
        return IssuedCertificate(
            certificatePEM: Array(([issued.certificate] + above).joined(separator: "\n").utf8) + [0x0A],
            keyPEM: issued.key, notAfter: Date(timeIntervalSince1970: Double(issued.expiration)))
    }

    /// When an issued certificate is due for a new one: at ⅔ of its life, up to a fifteenth earlier, so that
    /// certificates made together are not renewed together.
    ///
    /// | life | random | renewal after |
    /// |---|---|---|
    /// | 90 days | 0 | 60 days |
    /// | 90 days | 1 | 54 days |
    public static func renewalInstant(notBefore: Date, notAfter: Date, random: Double) -> Date {
        notBefore + notAfter.timeIntervalSince(notBefore) * (2.0 / 3 - random / 15)
    }
}
