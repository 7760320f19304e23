/// Something about a certificate that is served although its secret is not as it should be. It contains nothing of a key.
public struct CertificateRemark: Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// A correction that changes nothing for clients.
        case note
        /// The chain is incomplete, or certificates outside of it are left out. Some clients may reject it.
        case chain
        /// One of several certificates, or one of several keys, is not used.
        case unused
    }

    public var kind: Kind
    /// One line, at most 300 bytes.
    public let text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text.utf8.count <= 300 ? text : String(decoding: text.utf8.prefix(297), as: UTF8.self) + "…"
    }
}

extension CertificateRemark: Codable {
    private enum CodingKeys: CodingKey {
        case kind, text
    }

    /// A kind of a later version is a note.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            Kind(rawValue: try fields.decode(String.self, forKey: .kind)) ?? .note,
            try fields.decode(String.self, forKey: .text))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(kind.rawValue, forKey: .kind)
        try fields.encode(text, forKey: .text)
    }
}
