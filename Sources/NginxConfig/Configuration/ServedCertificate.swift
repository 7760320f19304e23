public import Basics

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
    public var version: KVVersion?

    private enum CodingKeys: String, CodingKey {
        case address, notBefore, notAfter, source
        // An earlier build wrote the number alone as `version`.
        case version = "kvVersion"
    }

    public init(address: ContentAddress, notBefore: Int, notAfter: Int, source: CertificateSource, version: KVVersion?)
    {
        self.address = address
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.source = source
        self.version = version
    }
}
