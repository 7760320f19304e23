/// Decodes base64 (RFC 4648 §4 and §5) with spaces, line ends and quotation marks anywhere.
struct Base64Text: ~Copyable {
    /// May contain a key; whoever takes it overwrites it.
    private(set) var bytes: [UInt8] = []
    private(set) var forms: Set<PEMForm> = []

    enum Failure: Error {
        /// The offset of a character that base64 does not have, or of data after the padding.
        case character(Int)
        /// A single character is left, or the padding does not fit.
        case length
    }

    /// - Parameter isRepeatable: data may follow the padding, as in several encoded texts in one.
    init(_ text: ArraySlice<UInt8>, isRepeatable: Bool = false) throws(Failure) {
        bytes.reserveCapacity(text.count * 3 / 4 + 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        do throws(Failure) {
            for (offset, byte) in text.enumerated() {
                let value: UInt32
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte) - 65
                case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte) - 71
                case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte) + 4
                case UInt8(ascii: "+"): value = 62
                case UInt8(ascii: "/"): value = 63
                case UInt8(ascii: "-"), UInt8(ascii: "_"):
                    value = byte == UInt8(ascii: "-") ? 62 : 63
                    forms.insert(.urlSafeAlphabet)
                case UInt8(ascii: "="):
                    padding += 1
                    continue
                case 0x20, 0x0A: continue
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    forms.insert(.quotes)
                    continue
                default: throw .character(offset)
                }
                if padding > 0 {
                    guard isRepeatable else { throw .character(offset) }
                    try finish(&bits, &count, &padding)
                }
                bits = bits << 6 | value
                count += 1
                if count == 4 {
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                    bytes.append(UInt8(truncatingIfNeeded: bits))
                    (bits, count) = (0, 0)
                }
            }
            try finish(&bits, &count, &padding)
        } catch {
            bytes.overwrite()
            throw error
        }
    }

    /// The last group of two or three characters.
    private mutating func finish(_ bits: inout UInt32, _ count: inout Int, _ padding: inout Int) throws(Failure) {
        guard count != 1, padding == 0 || count + padding == 4 else { throw .length }
        if count > 0, padding == 0 { forms.insert(.missingPadding) }
        if count >= 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> (count == 2 ? 4 : 10))) }
        if count == 3 { bytes.append(UInt8(truncatingIfNeeded: bits >> 2)) }
        (bits, count, padding) = (0, 0, 0)
    }

    /// The bytes; whoever takes them overwrites them.
    consuming func take() -> [UInt8] { bytes }
}
