/// A certificate in the certificate folder that nginx may serve: its location and the properties that are reported.
public struct ServedCertificate: Sendable, Hashable, Codable {
    /// The name of the files `<address>.crt` and `<address>.key`.
    public var address: ContentAddress
    /// Seconds since 1970.
    public var notBefore: Int
    /// Seconds since 1970.
    public var notAfter: Int
    public var source: CertificateSource
    /// The version in KV 2; nil for other sources.
    public var version: Int?

    public init(address: ContentAddress, notBefore: Int, notAfter: Int, source: CertificateSource, version: Int?) {
        self.address = address
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.source = source
        self.version = version
    }
}
