internal import Basics

/// The path of an Ingress rule, percent-decoded, because nginx compares decoded paths (ngx_http_core_module,
/// `location`).
///
/// Begins with `/`; valid UTF-8 without control characters, at most 512 bytes; no `//`, `/./` or `/../`: nginx removes
/// them from a request before it compares, so such a path could never match.
///
/// The limits keep every form of the path in nginx's configuration, as a regular expression or after another path,
/// below the 4,096 bytes of an argument (ngx_conf_file.c, NGX_CONF_BUFFER).
public struct RequestPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    public static let root = RequestPath(decoded: "/")

    public let text: String

    /// - Throws: `InvalidValue` with the rule that is broken.
    public init(_ text: String) throws(InvalidValue) {
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw InvalidValue(text, expected: "a path that begins with '/'")
        }
        guard let decoded = Self.decode(text) else {
            throw InvalidValue(text, expected: "'%' only before two hexadecimal digits of valid UTF-8 (RFC 3986 §2.1)")
        }
        guard decoded.utf8.count <= Self.maximumLength else {
            throw InvalidValue(
                text, expected: "a path of at most \(Self.maximumLength) bytes, found \(decoded.utf8.count)")
        }
        // Each takes nine bytes where nginx would look for a variable.
        guard decoded.utf8.count(where: { $0 == UInt8(ascii: "$") }) <= Self.maximumDollars else {
            throw InvalidValue(text, expected: "a path with at most \(Self.maximumDollars) '$'")
        }
        guard decoded.unicodeScalars.allSatisfy({ !$0.isControl }) else {
            throw InvalidValue(text, expected: "a path without control characters")
        }
        guard !decoded.unicodeScalars.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw InvalidValue(text, expected: "a path without '?' and '#'")
        }
        let elements = decoded.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard !elements.dropFirst().dropLast().contains(where: \.isEmpty) else {
            throw InvalidValue(text, expected: "no '//'")
        }
        guard !elements.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) else {
            throw InvalidValue(text, expected: "a path without the elements '.' and '..'")
        }
        self.text = decoded
    }

    /// A path that is not the root.
    init(belowRoot text: String) throws(InvalidValue) {
        let path = try RequestPath(text)
        guard path != .root else { throw InvalidValue(text, expected: "a path other than '/'") }
        self = path
    }

    /// A path without a trailing slash. An unencoded `$1` is a capture in other controllers, which the application would
    /// receive as text.
    init(prefix text: String) throws(InvalidValue) {
        let digits = zip(text.utf8, text.utf8.dropFirst()).contains { $0 == UInt8(ascii: "$") && $1.isDigit }
        guard !digits else {
            throw InvalidValue(
                text,
                expected:
                    "a literal path, found a capture such as $1; the path after that of the rule is kept without it, and %24 is a literal '$'"
            )
        }
        self = try RequestPath(text).withoutTrailingSlash
    }

    private static let maximumLength = 512
    private static let maximumDollars = 32

    private init(decoded: String) { text = decoded }

    public var description: String { text }

    /// The path without a trailing slash, which `Prefix` ignores; `/` stays.
    public var withoutTrailingSlash: RequestPath {
        text.count > 1 && text.hasSuffix("/") ? RequestPath(decoded: String(text.dropLast())) : self
    }

    /// The path without its last element, and without a trailing slash; nil for the root.
    public var parent: RequestPath? {
        let elements = withoutTrailingSlash.text.utf8
        guard elements.count > 1, let slash = elements.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return slash == elements.startIndex ? .root : RequestPath(decoded: String(text[..<slash]))
    }

    /// The path with exactly one trailing slash.
    public var withTrailingSlash: RequestPath {
        text.hasSuffix("/") ? self : RequestPath(decoded: text + "/")
    }

    /// The path with another beginning: `/a/b` is `/x/b` when `/a` becomes `/x`.
    ///
    /// - Parameter prefix: covers this path; a trailing slash is ignored.
    public func replacing(prefix: RequestPath, with replacement: RequestPath) -> RequestPath {
        let rest = text.utf8.dropFirst(
            prefix.withoutTrailingSlash == .root ? 0 : prefix.withoutTrailingSlash.text.utf8.count)
        let start = replacement == .root ? "" : replacement.withoutTrailingSlash.text
        let whole = start + String(decoding: rest, as: UTF8.self)
        return whole.isEmpty ? .root : RequestPath(decoded: whole)
    }

    /// By bytes, as in nginx, not by Unicode's canonical equivalence.
    public static func == (left: RequestPath, right: RequestPath) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// By bytes: the same order on every machine.
    public static func < (left: RequestPath, right: RequestPath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
