internal import Glibc
internal import Routing

/// One DNS query for the IPv4 addresses of a name (RFC 1035), to a server that is asked directly.
struct AddressQuery {
    let server: AddressAndPort
    let name: String

    /// - Returns: nil if there is no answer in time, or one with an error.
    func addresses(within limit: Duration) async -> [String]? {
        let socket = DatagramSocket(to: server)
        let identifier = UInt16.random(in: 0...UInt16.max)
        guard socket.send(Self.question(name, identifier)) else { return nil }
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end, !Task.isCancelled {
            if let answer = socket.receive(), let found = Self.addresses(in: answer, identifier) { return found }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }

    static func question(_ name: String, _ identifier: UInt16) -> [UInt8] {
        // Recursion desired, one question: type A, class IN.
        let header: [UInt8] = [UInt8(identifier >> 8), UInt8(identifier & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        let labels = name.split(separator: ".").flatMap { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) }
        return header + labels + [0, 0, 1, 0, 1]
    }

    /// - Returns: nil for anything but an answer without error to this question.
    static func addresses(in message: [UInt8], _ identifier: UInt16) -> [String]? {
        func number(at index: Int) -> Int? {
            index + 1 < message.count ? Int(message[index]) << 8 | Int(message[index + 1]) : nil
        }
        /// The index after a name, which ends with an empty label or with a pointer.
        func end(ofName start: Int) -> Int? {
            var index = start
            while index < message.count {
                switch message[index] {
                case 0: return index + 1
                case 0xC0...: return index + 2
                case let length: index += Int(length) + 1
                }
            }
            return nil
        }
        guard number(at: 0) == Int(identifier), let flags = number(at: 2), flags & 0x8000 != 0, flags & 15 == 0,
            let count = number(at: 6), let question = end(ofName: 12)
        else { return nil }
        var index = question + 4
        var found: [String] = []
        for _ in 0..<count {
            guard let fields = end(ofName: index), let type = number(at: fields), let length = number(at: fields + 8),
                fields + 10 + length <= message.count
            else { return nil }
            if type == 1, length == 4 {
                found.append(message[fields + 10..<fields + 14].map(String.init).joined(separator: "."))
            }
            index = fields + 10 + length
        }
        return found.sorted()
    }
}

/// A UDP socket that never blocks.
private struct DatagramSocket: ~Copyable {
    /// Negative if there is none.
    private let descriptor: Int32

    init(to server: AddressAndPort) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(server.address.text, "\(server.port)", &hints, &found) == 0, let found else {
            descriptor = -1
            return
        }
        defer { freeaddrinfo(found) }
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(found.pointee.ai_family, type, 0)
        // A socket that is not connected cannot send.
        if descriptor >= 0 { _ = connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func send(_ message: [UInt8]) -> Bool { Glibc.send(descriptor, message, message.count, 0) == message.count }

    /// - Returns: nil if no datagram has arrived.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }
}
