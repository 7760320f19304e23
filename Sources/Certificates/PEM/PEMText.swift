internal import Glibc

/// A text in which only line feeds and spaces separate words: without byte order marks, carriage returns, escapes, and the
/// spaces of word processors.
final class PEMText {
    /// May contain a key.
    private(set) var bytes: [UInt8] = []
    private(set) var forms: Set<PEMForm> = []

    init(_ raw: UnsafeRawBufferPointer) {
        bytes.reserveCapacity(raw.count)
        if var decoded = UTF16Text.decode(raw) {
            forms.insert(.utf16)
            bytes.reserveCapacity(decoded.count)
            decoded.withUnsafeBytes { append($0) }
            decoded.overwrite()
        } else {
            append(raw)
        }
    }

    deinit {
        bytes.overwrite()
    }

    private func append(_ raw: UnsafeRawBufferPointer) {
        var position = 0
        while position < raw.count { position += append(raw, at: position) }
    }

    /// - Returns: the number of bytes that are read.
    private func append(_ raw: UnsafeRawBufferPointer, at position: Int) -> Int {
        switch raw[position] {
        case 0x0D:
            forms.insert(.carriageReturns)
            if position + 1 == raw.count || raw[position + 1] != 0x0A { bytes.append(0x0A) }
        case 0x09, 0x0B, 0x0C:
            forms.insert(.unusualSpaces)
            bytes.append(0x20)
        case UInt8(ascii: "\\"):
            return unescape(raw, at: position)
        case 0xC2, 0xE2, 0xE3, 0xEF:
            return appendUnusual(raw, at: position)
        case let byte:
            bytes.append(byte)
        }
        return 1
    }

    /// Escapes of JSON, YAML and C, with any number of backslashes: each layer of quoting doubles them. Neither base64 nor
    /// a label contains a backslash.
    private func unescape(_ raw: UnsafeRawBufferPointer, at position: Int) -> Int {
        var next = position
        while next < raw.count, raw[next] == UInt8(ascii: "\\") { next += 1 }
        forms.insert(.escapes)
        let run = next - position
        guard next < raw.count else { return run }
        switch raw[next] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"): bytes.append(0x0A)
        case UInt8(ascii: "t"): bytes.append(0x20)
        case UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "'"): bytes.append(raw[next])
        case UInt8(ascii: "u"):
            guard next + 4 < raw.count,
                let code = UInt32(String(decoding: raw[(next + 1)...(next + 4)], as: UTF8.self), radix: 16),
                (0x09...0x7E).contains(code)
            else { return run }
            bytes.append(code < 0x20 ? 0x0A : UInt8(code))
            return run + 5
        // The end of a line of a shell script, and anything unknown: without the backslash.
        default: return run
        }
        return run + 1
    }

    /// The characters that word processors, web pages and chat programs put in the place of a space, or between characters.
    private func appendUnusual(_ raw: UnsafeRawBufferPointer, at position: Int) -> Int {
        func byte(_ offset: Int) -> UInt8 { position + offset < raw.count ? raw[position + offset] : 0 }
        switch (raw[position], byte(1), byte(2)) {
        case (0xC2, 0xA0, _), (0xC2, 0x85, _):
            bytes.append(0x20)
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F),
            (0xE3, 0x80, 0x80):
            bytes.append(0x20)
            forms.insert(.unusualSpaces)
            return 3
        // Characters without width.
        case (0xC2, 0xAD, _): break
        case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x81, 0xA0):
            forms.insert(.unusualSpaces)
            return 3
        case (0xEF, 0xBB, 0xBF):
            forms.insert(.byteOrderMark)
            return 3
        default:
            bytes.append(raw[position])
            return 1
        }
        forms.insert(.unusualSpaces)
        return 2
    }
}

extension [UInt8] {
    /// Overwrites a copy of a key before it is freed.
    mutating func overwrite() {
        withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            explicit_bzero(start, bytes.count)
        }
    }
}

/// Text of Windows programs, as it is or inside of a JSON string.
enum UTF16Text {
    /// - Returns: UTF-8; nil for a text without the pattern of ASCII in UTF-16.
    static func decode(_ raw: UnsafeRawBufferPointer) -> [UInt8]? {
        var raw = raw
        // A byte order mark that a converter to UTF-8 has replaced.
        if raw.starts(with: [0xEF, 0xBF, 0xBD, 0xEF, 0xBF, 0xBD]) { raw = .init(rebasing: raw.dropFirst(6)) }
        guard raw.count >= 4 else { return nil }
        let isLittle: Bool
        switch (raw[0], raw[1], raw[2], raw[3]) {
        case (0xFF, 0xFE, _, _), (1..., 0, 1..., 0): isLittle = true
        case (0xFE, 0xFF, _, _), (0, 1..., 0, 1...): isLittle = false
        default: return nil
        }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count * 3 / 2)
        for index in stride(from: 0, to: raw.count - 1, by: 2) {
            let (first, second) = (UInt16(raw[index]), UInt16(raw[index + 1]))
            let unit = isLittle ? second << 8 | first : first << 8 | second
            switch unit {
            case 0..<0x80: text.append(UInt8(unit))
            case 0x80..<0x800: text += [UInt8(0xC0 | unit >> 6), UInt8(0x80 | unit & 0x3F)]
            default: text += [UInt8(0xE0 | unit >> 12), UInt8(0x80 | unit >> 6 & 0x3F), UInt8(0x80 | unit & 0x3F)]
            }
        }
        return text
    }
}
