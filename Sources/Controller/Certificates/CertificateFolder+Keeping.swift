internal import Basics
public import Certificates
internal import Foundation
public import Nginx
public import NginxConfig

/// A certificate as it was read.
public struct ReadCertificate: Sendable {
    public var bundle: CertificateBundle
    /// As the audit log writes it: `vault:secret/ssl/a.example.com`, `pki:pki/web`.
    public var source: String
    /// In KV 2.
    public var version: Int?
}

extension CertificateFolder: SecretFolder {
    public func keep(_ certificate: ReadCertificate, for _: CertificateRequest) throws -> ServedCertificate {
        let bundle = certificate.bundle
        let address = try ContentAddress(bundle.sha256)
        try bundle.key.withUnsafeBytes { key throws(FileError) in
            try write(address, chain: bundle.chainPEM, key: key)
        }
        return ServedCertificate(
            address: address, notBefore: Int(bundle.leaf.notBefore.timeIntervalSince1970),
            notAfter: Int(bundle.leaf.notAfter.timeIntervalSince1970), source: certificate.source,
            version: certificate.version)
    }

    public func holds(_ certificate: ServedCertificate) -> Bool { contains(certificate.address) }

    public func name(of certificate: ServedCertificate) -> ContentAddress { certificate.address }
}

extension ServedCertificate {
    /// RFC 3339, in UTC.
    var expiry: String {
        Date(timeIntervalSince1970: Double(notAfter)).formatted(.iso8601)
    }
}
