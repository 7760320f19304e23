/// What a text in DER contains, by its outermost structure. Only messages depend on it.
package enum DERKind: String, Sendable, CaseIterable {
    case certificate = "a certificate"
    case request = "a certificate request"
    case revocationList = "a revocation list"
    case key = "a private key"
    case encryptedKey = "an encrypted private key"
    case publicKey = "a public key"
    case pkcs7 = "PKCS#7"
    case pkcs12 = "PKCS#12"
    case unknown = "an unknown structure"

    /// Nil if the bytes are not one SEQUENCE.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var outer = DERReader(bytes)
        guard let content = outer.next(), content.tag == 0x30, content.bytes.count >= 3,
            // Padding or a line ending may follow.
            bytes.count - outer.position <= 16
        else { return nil }
        var reader = DERReader(content.bytes)
        guard let first = reader.next() else { return nil }
        self = Self.kind(first, second: reader.next(), third: reader.next())
    }

    private static func kind(_ first: DERReader.Element, second: DERReader.Element?, third: DERReader.Element?)
        -> DERKind
    {
        switch (first.tag, second?.tag, third?.tag) {
        // RFC 5958: version 0 or 1; RFC 7292: version 3; RFC 8017: 0; RFC 5915: 1.
        case (0x02, 0x30, _): first.bytes.elementsEqual([3]) ? .pkcs12 : .key
        case (0x02, 0x02, _), (0x02, 0x04, _): .key
        case (0x30, 0x04, _): .encryptedKey
        case (0x30, 0x03, _): .publicKey
        case (0x06, 0xA0, _): .pkcs7
        case (0x30, 0x30, 0x03): signed(first.bytes)
        default: .unknown
        }
    }

    /// RFC 5280 §4.1 and §5.1, RFC 2986 §4.1.
    private static func signed(_ bytes: UnsafeRawBufferPointer) -> DERKind {
        var reader = DERReader(bytes)
        guard let first = reader.next(), first.tag == 0x02 else { return .certificate }
        guard let second = reader.next() else { return .unknown }
        // The subject of a request is a list of sets; an algorithm begins with an identifier.
        if second.bytes.first != 0x06 { return .request }
        _ = reader.next()
        let fourth = reader.next()?.tag
        return fourth == 0x17 || fourth == 0x18 ? .revocationList : .certificate
    }
}

/// Reads the elements of DER (X.690) one after the other, without what is in them.
private struct DERReader {
    struct Element {
        var tag: UInt8
        var bytes: UnsafeRawBufferPointer
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func next() -> Element? {
        guard position + 2 <= bytes.count else { return nil }
        let tag = bytes[position]
        var length = Int(bytes[position + 1])
        var start = position + 2
        if length > 0x7F {
            let count = length & 0x7F
            guard (1...3).contains(count), start + count <= bytes.count else { return nil }
            length = bytes[start..<(start + count)].reduce(0) { $0 << 8 | Int($1) }
            start += count
        }
        guard length <= bytes.count - start else { return nil }
        position = start + length
        return Element(tag: tag, bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
    }
}
