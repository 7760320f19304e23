/// A value that is coded as text and validated again when it is decoded.
public protocol TextCodable: Codable {
    init(_ text: String) throws(InvalidValue)
    /// The text from which the initialiser makes an equal value.
    var codedText: String { get }
}

extension TextCodable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(codedText)
    }
}

extension DNSName: TextCodable {
    public var codedText: String { text }
}

extension Host: TextCodable {
    public var codedText: String { name }
}

extension RequestPath: TextCodable {
    public var codedText: String {
        // By scalars, as in decoding: a combining mark after a `%` does not change it.
        text.unicodeScalars.reduce(into: "") { $0 += $1 == "%" ? "%25" : String($1) }
    }
}

extension VaultPath: TextCodable {
    public var codedText: String { text }
}

extension AddressRange: TextCodable {
    public var codedText: String { text }
}

extension ByteSize: TextCodable {
    public var codedText: String { String(bytes) }
}

extension RequestRate: TextCodable {
    public var codedText: String { String(perSecond) }
}

extension ServicePort: TextCodable {
    public init(_ text: String) throws(InvalidValue) {
        guard let number = Int(text) else { throw InvalidValue(text, expected: "a port from 1 to 65535") }
        try self.init(number)
    }

    public var codedText: String { String(number) }
}

extension TokenName: TextCodable {
    public init(_ text: String) throws(InvalidValue) {
        try self.init(text, allowing: text.contains("-") ? "-" : "_")
    }

    public var codedText: String { text }
}
