internal import Glibc
public import NginxConfig
internal import Routing

/// A port on all IPv4 or all IPv6 addresses: `*:80` or `[::]:80` in nginx's configuration.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    public let port: UInt16
    public let isIPv6: Bool

    public init(port: UInt16, isIPv6: Bool) {
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// Reads the address of a socket; nil if it is bound to a single address, or is not a TCP socket.
    init?(socket descriptor: Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        // sockaddr_storage is large enough and aligned for every kind of address.
        let address = withUnsafeBytes(of: storage) { bytes -> ListenAddress? in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let address = bytes.load(as: sockaddr_in.self)
                guard address.sin_addr.s_addr == 0 else { return nil }
                return ListenAddress(port: UInt16(bigEndian: address.sin_port), isIPv6: false)
            case AF_INET6:
                let address = bytes.load(as: sockaddr_in6.self)
                guard withUnsafeBytes(of: address.sin6_addr, { $0.allSatisfy { $0 == 0 } }) else { return nil }
                return ListenAddress(port: UInt16(bigEndian: address.sin6_port), isIPv6: true)
            default: return nil
            }
        }
        guard let address else { return nil }
        self = address
    }

    public var description: String { isIPv6 ? "[::]:\(port)" : "0.0.0.0:\(port)" }
}

extension NginxSettings {
    /// The addresses on which the shipped templates listen.
    public var listenAddresses: [ListenAddress] {
        [httpPort, httpsPort].flatMap { port in
            (listenIPv6 ? [false, true] : [false]).map {
                // A ServicePort is 1 to 65535.
                ListenAddress(port: UInt16(port.number), isIPv6: $0)
            }
        }
    }
}
