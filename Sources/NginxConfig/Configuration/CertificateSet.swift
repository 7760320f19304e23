public import Routing

/// The certificates that are served at one moment.
public struct CertificateSet: Sendable, Equatable {
    /// The host of the default certificate in the audit log and the listing.
    public static let fallbackName = "-"

    public var byHost: [Host: ServedCertificate]
    /// The default certificate, for names that no Ingress claims.
    public var fallback: ServedCertificate?

    public init(byHost: [Host: ServedCertificate] = [:], fallback: ServedCertificate? = nil) {
        self.byHost = byHost
        self.fallback = fallback
    }
}

extension CertificateSet: Codable {
    private enum CodingKeys: CodingKey {
        case hosts, fallback
    }

    struct Entry: Codable {
        let host: Host
        let certificate: ServedCertificate
    }

    init(_ entries: [Entry], fallback: ServedCertificate?) {
        self.init(
            byHost: Dictionary(entries.map { ($0.host, $0.certificate) }) { first, _ in first }, fallback: fallback)
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try fields.decode([Entry].self, forKey: .hosts),
            fallback: try fields.decodeIfPresent(ServedCertificate.self, forKey: .fallback))
    }

    /// Sorted by host.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(
            byHost.sorted { $0.key < $1.key }.map { Entry(host: $0.key, certificate: $0.value) }, forKey: .hosts)
        try fields.encodeIfPresent(fallback, forKey: .fallback)
    }
}
