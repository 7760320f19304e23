public import Routing

extension RequestPath: ConfigurationValue {
    public var configurationText: String { text }
}

/// A path in a URL: percent-encoded (RFC 3986 §3.3).
struct EncodedPath: ConfigurationValue {
    let path: RequestPath

    var configurationText: String {
        path.text.utf8.reduce(into: "") { text, byte in
            text +=
                byte.isUnreserved || byte == UInt8(ascii: "/") ? String(UnicodeScalar(byte)) : "%" + byte.hexadecimal
        }
    }
}

/// The regular expression that matches exactly the path.
struct PathPattern: ConfigurationValue {
    let path: RequestPath

    var configurationText: String {
        path.text.utf8.reduce(into: "") { text, byte in
            text +=
                byte.isUnreserved && byte != UInt8(ascii: ".") || byte == UInt8(ascii: "/")
                ? String(UnicodeScalar(byte)) : "\\x" + byte.hexadecimal
        }
    }
}

/// The suffix of nginx's variable for a cookie or a header.
struct VariableSuffix: ConfigurationValue {
    let name: TokenName

    var configurationText: String { name.text.lowercased().replacing("-", with: "_") }
}

extension UInt8 {
    /// RFC 3986 §2.3.
    fileprivate var isUnreserved: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= self || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= self || "-._~".utf8.contains(self)
    }

    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}
