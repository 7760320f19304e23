internal import Glibc

/// An IPv4 or IPv6 address (inet_pton(3)); an IPv6 address may have a zone (`%eth0`).
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// IPv6 in normal form (RFC 5952): nginx does not read every other form (`1:2:3:4:5:6:7::`).
    public let text: String
    public let isIPv6: Bool

    /// - Throws: `InvalidValue` for anything that is not an address, names included.
    public init(_ text: String) throws(InvalidValue) {
        let expected = "an IPv4 or IPv6 address"
        let zone = text.drop { $0 != "%" }
        var v4 = in_addr()
        var v6 = in6_addr()
        // C would read a NUL as the end of the text.
        guard !text.utf8.contains(0) else { throw InvalidValue(text, expected: expected) }
        if inet_pton(AF_INET, text, &v4) == 1 {
            isIPv6 = false
            self.text = text
            return
        }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &v6) == 1,
            zone.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "%.-_".contains($0)) }),
            inet_ntop(AF_INET6, &v6, &buffer, socklen_t(buffer.count)) != nil
        else { throw InvalidValue(text, expected: expected) }
        isIPv6 = true
        let address = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        self.text = String(decoding: address, as: UTF8.self) + zone
    }

    public var description: String { text }
}

extension IPAddress {
    /// False for addresses that a pod cannot have, or that lead to the network segment of the node or to the cloud's metadata
    /// service. The API server rejects loopback addresses in EndpointSlices, and not all of these.
    var isPodAddress: Bool {
        guard isIPv6 else {
            let numbers = text.split(separator: ".").compactMap { Int($0) }
            guard numbers.count == 4 else { return false }
            return numbers[0] != 0 && numbers[0] < 224 && !(numbers[0] == 169 && numbers[1] == 254)
        }
        // A zone is valid on the pod's node only. `::` begins the unspecified and the IPv4 addresses.
        guard text != "::1" else { return true }
        return !text.contains("%") && text != "fd00:ec2::254"
            && !["::", "fe8", "fe9", "fea", "feb", "ff"].contains(where: text.hasPrefix)
    }
}

/// The address and port of a resolver, a listener or a pod. An IPv6 address has brackets before a port.
public struct AddressAndPort: Sendable, Hashable, CustomStringConvertible {
    public let address: IPAddress
    public let port: ServicePort

    public init(address: IPAddress, port: ServicePort) {
        self.address = address
        self.port = port
    }

    /// - Throws: `InvalidValue` for a host that is not an address and for a port that is not valid.
    public init(_ text: String, defaultPort: ServicePort) throws(InvalidValue) {
        var host = text[...]
        var port = defaultPort
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty { port = try Self.port(rest, of: text) }
        } else if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
            host = text[..<colon]
            port = try Self.port(text[colon...], of: text)
        }
        do throws(InvalidValue) {
            address = try IPAddress(String(host))
        } catch {
            throw InvalidValue(text, expected: "ADDRESS or ADDRESS:PORT (an address, not a name)")
        }
        self.port = port
    }

    public var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    private static func port(_ text: Substring, of whole: String) throws(InvalidValue) -> ServicePort {
        guard text.hasPrefix(":"), let number = Int(text.dropFirst()) else {
            throw InvalidValue(whole, expected: "a port number after the colon")
        }
        return try ServicePort(number)
    }
}
