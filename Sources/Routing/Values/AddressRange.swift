internal import Glibc

/// An address or a CIDR range (RFC 4632 §3.1, RFC 4291 §2.3), the bits after the prefix cleared.
public struct AddressRange: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// `10.0.0.0/8`, `2001:db8::/32`; always with a prefix length.
    public let text: String

    /// - Throws: `InvalidValue` for anything but an address with or without a prefix length.
    public init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let family = parts[0].contains(":") ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        let bits = bytes.count * 8
        let length = parts.count == 1 ? bits : parts[1].utf8.allSatisfy(\.isDigit) ? Int(parts[1]) : nil
        guard !parts[0].utf8.contains(0), inet_pton(family, parts[0], &bytes) == 1, let length,
            (0...bits).contains(length)
        else {
            throw InvalidValue(text, expected: "an address such as 192.0.2.7 or a range such as 10.0.0.0/8")
        }
        for index in bytes.indices {
            let kept = min(max(length - index * 8, 0), 8)
            bytes[index] &= ~UInt8(truncatingIfNeeded: 0xff >> kept)
        }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else {
            throw InvalidValue(text, expected: "an address")
        }
        let address = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        self.text = "\(String(decoding: address, as: UTF8.self))/\(length)"
    }

    public var description: String { text }

    public static func < (left: AddressRange, right: AddressRange) -> Bool { left.text < right.text }
}
