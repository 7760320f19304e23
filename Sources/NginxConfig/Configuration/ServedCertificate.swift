public import Basics

/// A certificate in the certificate folder that nginx may serve: its location and the properties that are reported.
///
/// A host may have several, one for each algorithm of a key, from one secret.
public struct ServedCertificate: Sendable, Hashable {
    /// The name of the files `<address>.crt` and `<address>.key`.
    public var address: ContentAddress
    /// Those of the certificates for other algorithms.
    public var additional: [ContentAddress]
    /// Seconds since 1970; of the last one that becomes valid.
    public var notBefore: Int
    /// Seconds since 1970; of the first one that expires.
    public var notAfter: Int
    public var source: CertificateSource
    /// The version in KV 2; nil for other sources.
    public var version: KVVersion?
    /// What the secret has that it should not have, and what it lacks.
    public var remarks: [CertificateRemark]

    public init(
        address: ContentAddress, additional: [ContentAddress] = [], notBefore: Int, notAfter: Int,
        source: CertificateSource, version: KVVersion?, remarks: [CertificateRemark] = []
    ) {
        self.address = address
        self.additional = additional
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.source = source
        self.version = version
        self.remarks = remarks
    }

    public var addresses: [ContentAddress] { [address] + additional }
}

extension ServedCertificate: Codable {
    private enum CodingKeys: String, CodingKey {
        case address, additional, notBefore, notAfter, source, remarks
        // An earlier build wrote the number alone as `version`.
        case version = "kvVersion"
    }

    /// A build without remarks may have read only one of several certificates. Without the version, the secret is read
    /// again.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let remarks = try fields.decodeIfPresent([CertificateRemark].self, forKey: .remarks)
        self.init(
            address: try fields.decode(ContentAddress.self, forKey: .address),
            additional: try fields.decodeIfPresent([ContentAddress].self, forKey: .additional) ?? [],
            notBefore: try fields.decode(Int.self, forKey: .notBefore),
            notAfter: try fields.decode(Int.self, forKey: .notAfter),
            source: try fields.decode(CertificateSource.self, forKey: .source),
            version: remarks == nil ? nil : try fields.decodeIfPresent(KVVersion.self, forKey: .version),
            remarks: remarks ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(address, forKey: .address)
        if !additional.isEmpty { try fields.encode(additional, forKey: .additional) }
        try fields.encode(notBefore, forKey: .notBefore)
        try fields.encode(notAfter, forKey: .notAfter)
        try fields.encode(source, forKey: .source)
        try fields.encodeIfPresent(version, forKey: .version)
        try fields.encode(remarks, forKey: .remarks)
    }
}
