/// The coded form: what labels and annotations of other controllers set under the names below, what annotations set under the annotation's name. Defaults
/// are omitted.
extension HostSettings: Codable {
    private static let tlsKey = SettingKey("tls")
    private static let http2Key = SettingKey("http2")
    private static let closedByKey = SettingKey("closedBy")

    /// - Throws: `DecodingError`, or `InvalidValue` for a value that its type does not allow.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: SettingKey.self)
        self.init(
            tls: try fields.decodeIfPresent(CertificateOrigin.self, forKey: Self.tlsKey),
            http2: try fields.decodeIfPresent(Bool.self, forKey: Self.http2Key) ?? false)
        closedBy = try fields.decodeIfPresent(String.self, forKey: Self.closedByKey)
        for (annotation, _, sets) in Annotation.settings {
            try sets.decode(&self, SettingKey(annotation.rawValue), fields)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: SettingKey.self)
        try fields.encodeIfPresent(tls, forKey: Self.tlsKey)
        if http2 { try fields.encode(http2, forKey: Self.http2Key) }
        try fields.encodeIfPresent(closedBy, forKey: Self.closedByKey)
        for (annotation, _, sets) in Annotation.settings {
            try sets.encode(self, SettingKey(annotation.rawValue), &fields)
        }
    }
}

struct SettingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
