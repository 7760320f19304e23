/// A certificate that lies in the certificate folder and may be served: where it is, and what is worth knowing of it.
public struct ServedCertificate: Sendable, Hashable, Codable {
    /// Names `<address>.crt` and `<address>.key`.
    public var address: ContentAddress
    /// Seconds since 1970.
    public var notBefore: Int
    public var notAfter: Int
    /// Where it came from, as the audit log writes it: `vault:secret/ssl/a.example.com`, `pki:pki/web`,
    /// `secret:shop/web-tls`.
    public var source: String
    /// In KV 2.
    public var version: Int?

    public init(address: ContentAddress, notBefore: Int, notAfter: Int, source: String, version: Int?) {
        self.address = address
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.source = source
        self.version = version
    }
}
