import Basics
import Certificates
import Foundation

/// The rules that the PEM reader keeps for every input.
package enum PEMProof {
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: `Violation` if the blocks of an input are not the blocks of the same input in another form.
    package static func check(_ bytes: [UInt8]) throws {
        // Certificates and keys: no trap.
        _ = try? CertificateBundles.parse(CertificatePEM(chain: bytes, key: Secret(bytes)))
        guard let content = read(bytes) else { return }
        let plain = text(content.blocks)
        if plain.isEmpty { return }
        for (name, form) in forms(plain) {
            guard let again = read(Array(form.utf8)) else { throw Violation(description: "\(name) is not read") }
            guard isSame(again.blocks, content.blocks) else {
                throw Violation(description: "\(name) is read differently")
            }
        }
        guard read(Array(plain.utf8))?.forms.isEmpty == true else {
            throw Violation(description: "plain PEM is read with a correction")
        }
    }

    private static func read(_ bytes: [UInt8]) -> PEMContent? {
        bytes.withUnsafeBytes { bytes in try? PEMReader.read(bytes) }
    }

    /// Encrypted blocks have no content.
    private static func text(_ blocks: [PEMBlock]) -> String {
        blocks.filter { !$0.isEncrypted }.map { block in
            let body = block.der.withUnsafeBytes { Data($0) }
                .base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            return "-----BEGIN \(block.label)-----\n\(body)\n-----END \(block.label)-----\n"
        }.joined()
    }

    private static func forms(_ plain: String) -> [(String, String)] {
        [
            ("PEM", plain),
            ("PEM with CRLF", plain.replacingOccurrences(of: "\n", with: "\r\n")),
            ("PEM with escaped line endings", plain.replacingOccurrences(of: "\n", with: "\\n")),
            ("PEM with spaces", plain.replacingOccurrences(of: "\n", with: " ")),
            ("PEM without white space", plain.filter { !$0.isWhitespace }),
            ("indented PEM", plain.split(separator: "\n").map { "  \($0)\n" }.joined()),
            ("quoted PEM", "\"\(plain)\""),
            ("base64", Data(plain.utf8).base64EncodedString()),
        ]
    }

    /// Without white space, the words of a label that is not known are one.
    private static func isSame(_ left: [PEMBlock], _ right: [PEMBlock]) -> Bool {
        let right = right.filter { !$0.isEncrypted }
        return left.count == right.count
            && zip(left, right).allSatisfy { pair in
                pair.0.der == pair.1.der
                    && pair.0.label.filter { $0 != " " } == pair.1.label.filter { $0 != " " }
            }
    }
}
