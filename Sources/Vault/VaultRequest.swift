internal import Basics
import Foundation

/// A request to the API.
struct VaultRequest: Sendable {
    let method: String
    /// The path below `/v1/`: validated, not percent-encoded.
    let path: String
    /// JSON.
    let body: [UInt8]?

    static func get(_ path: String) throws(VaultError) -> VaultRequest {
        VaultRequest(method: "GET", path: try checked(path), body: nil)
    }

    static func post(_ path: String, _ fields: [String: String]) throws(VaultError) -> VaultRequest {
        let path = try checked(path)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(fields) else {
            throw .invalidPath(path: path, reason: "its parameters cannot be encoded as JSON")
        }
        return VaultRequest(method: "POST", path: path, body: [UInt8](body))
    }

    /// Rejects `..`, which would leave the folder that a policy allows, and empty elements.
    private static func checked(_ path: String) throws(VaultError) -> String {
        let elements = path.split(separator: "/", omittingEmptySubsequences: false)
        for element in elements where element.isEmpty || element == "." || element == ".." {
            throw .invalidPath(path: path, reason: "the element '\(element)' is not allowed")
        }
        if path.unicodeScalars.contains(where: \.isControl) {
            throw .invalidPath(path: path.filter { !$0.isNewline }, reason: "it has a control character")
        }
        return path
    }

    /// The path with all characters escaped except unreserved ones (RFC 3986 §2.3) and slashes.
    var encodedPath: String {
        var encoded = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
