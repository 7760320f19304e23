internal import Basics

/// Finds the blocks of a cleaned text.
struct PEMBlocks {
    var content = PEMContent()
    /// The end of the last block, without the dashes at the end of its last line: the next block may share them.
    private var end = 0

    private static let begin = Array("-----BEGIN".utf8)
    private static let finish = Array("-----END".utf8)
    private static let dashes = Array("-----".utf8)
    /// The longest label of OpenSSL has 21 bytes.
    private static let maximumLabel = 64
    /// RFC 7468 §2: generators wrap lines at 64, older ones at 76 characters.
    private static let maximumLine = 76

    mutating func read(_ text: UnsafeBufferPointer<UInt8>) throws(PEMProblem) {
        while let start = Self.find(Self.begin, in: text, from: end, to: text.count) {
            let (label, body) = try Self.label(in: text, from: start + Self.begin.count)
            guard let bodyEnd = Self.find(Self.finish, in: text, from: body, to: text.count) else {
                throw .malformed("a \(label) block has no END line; it is cut off")
            }
            if Self.find(Self.begin, in: text, from: body, to: bodyEnd) != nil {
                throw .malformed("a \(label) block has no END line before the next BEGIN line")
            }
            let (endLabel, _) = try Self.label(in: text, from: bodyEnd + Self.finish.count)
            guard label == endLabel else { throw .malformed("a \(label) block ends as \(endLabel)") }
            noteGap(text, to: start)
            try append(label, text, body..<bodyEnd)
            // The position of the dashes after the label, which `label` has found.
            end = Self.find(Self.dashes, in: text, from: bodyEnd + Self.finish.count, to: text.count) ?? text.count
        }
        if !content.blocks.isEmpty { noteGap(text, to: text.count) }
    }

    /// The text between two blocks, before the first and after the last.
    private mutating func noteGap(_ text: UnsafeBufferPointer<UInt8>, to start: Int) {
        let gap = text[end..<max(end, start)].drop { $0 == UInt8(ascii: "-") }
        var isBlank = true
        for byte in gap where byte != 0x20 && byte != 0x0A {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                content.forms.insert(.quotes)
            } else if byte != UInt8(ascii: "-") {
                content.forms.insert(.textAround)
                isBlank = false
            }
        }
        guard start < text.count else { return }
        if gap.reversed().prefix(while: { $0 != 0x0A }).contains(0x20), isBlank,
            gap.contains(0x0A) || content.blocks.isEmpty
        {
            content.forms.insert(.indentation)
        }
        if !content.blocks.isEmpty, !gap.contains(0x0A), isBlank {
            content.forms.insert(gap.isEmpty ? .joinedBlocks : .missingLineEnds)
        }
    }

    private mutating func append(
        _ label: String, _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
    ) throws(PEMProblem) {
        var body = text[range]
        if let colon = body.lastIndex(of: UInt8(ascii: ":")) {
            content.forms.insert(.headers)
            if Self.find(Array("ENCRYPTED".utf8), in: text, from: range.lowerBound, to: range.upperBound) != nil {
                content.blocks.append(PEMBlock(label: label, isEncrypted: true, der: Secret([UInt8]())))
                return
            }
            // RFC 1421 §4.4: an empty line separates the headers from the content.
            guard let line = body[colon...].firstIndex(of: 0x0A) else {
                throw .malformed("the headers of a \(label) block are not on lines of their own")
            }
            body = body[line...]
        }
        noteLines(body)
        do throws(Base64Text.Failure) {
            let decoded = try Base64Text(ArraySlice(body))
            guard !decoded.bytes.isEmpty else { throw .length }
            content.forms.formUnion(decoded.forms)
            var bytes = decoded.take()
            content.blocks.append(PEMBlock(label: label, isEncrypted: false, der: Secret(bytes)))
            bytes.overwrite()
        } catch {
            switch error {
            case .character(let offset):
                throw .malformed("a \(label) block has a character that base64 does not have, at offset \(offset)")
            case .length: throw .malformed("the base64 of a \(label) block is not complete")
            }
        }
    }

    private mutating func noteLines(_ body: Slice<UnsafeBufferPointer<UInt8>>) {
        var line = 0
        var isFirst = true
        for byte in body {
            switch byte {
            case 0x0A:
                if isFirst, line > 0 { content.forms.insert(.missingLineEnds) }
                (line, isFirst) = (0, false)
            case 0x20:
                if line == 0, !isFirst { content.forms.insert(.indentation) }
            case UInt8(ascii: "\""), UInt8(ascii: "'"): break
            default:
                line += 1
                if line > Self.maximumLine { content.forms.insert(.missingLineEnds) }
            }
        }
        // Characters before the END line, on the line of it.
        if line > 0 { content.forms.insert(.missingLineEnds) }
    }

    /// - Returns: the label, and the position after the dashes that follow it.
    private static func label(
        in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(PEMProblem) -> (label: String, end: Int) {
        guard let finish = find(dashes, in: text, from: start, to: min(text.count, start + maximumLabel)) else {
            throw .malformed("a BEGIN or END line is not complete: no five dashes after the label")
        }
        let isAllowed = { (byte: UInt8) in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "#") || byte == 0x20 || byte == 0x0A
        }
        guard text[start..<finish].allSatisfy(isAllowed) else {
            throw .malformed("the label of a BEGIN or END line has characters other than capital letters")
        }
        let words = text[start..<finish].split { $0 == 0x20 || $0 == 0x0A }.map { String(decoding: $0, as: UTF8.self) }
        var end = finish
        while end < text.count, text[end] == UInt8(ascii: "-") { end += 1 }
        return (knownLabels[words.joined()] ?? words.joined(separator: " "), end)
    }

    /// The labels by their text without spaces, which a value without any spaces has.
    private static let knownLabels = Dictionary(
        uniqueKeysWithValues: [
            "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY",
            "EC PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PARAMETERS", "DH PARAMETERS",
            "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "X509 CRL", "PKCS7",
            "CMS",
        ].map { ($0.filter { $0 != " " }, $0) })

    private static func find(
        _ pattern: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> Int? {
        guard start <= end - pattern.count else { return nil }
        for position in start...(end - pattern.count) where text[position] == pattern[0] {
            if (1..<pattern.count).allSatisfy({ text[position + $0] == pattern[$0] }) { return position }
        }
        return nil
    }
}
