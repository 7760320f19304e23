import Glibc

extension ClusterDNS {
    /// The first IPv4 address of a name; nil without an address, or without an answer within a second.
    public func lookUp(_ name: String) async throws -> String? { try await Self.lookUp(name, port: port) }

    /// As `lookUp`, from any name server on 127.0.0.1.
    public static func lookUp(_ name: String, port: Int) async throws -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw BedError("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var server = sockaddr_in()
        server.sin_family = sa_family_t(AF_INET)
        server.sin_port = in_port_t(port).bigEndian
        server.sin_addr.s_addr = inet_addr("127.0.0.1")
        _ = withUnsafePointer(to: &server) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // RFC 1035 §4.1: a header with one question and recursion desired, then the name, type A, class IN.
        var query: [UInt8] = [0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in name.split(separator: ".") { query += [UInt8(label.utf8.count)] + Array(label.utf8) }
        query += [0, 0, 1, 0, 1]
        guard send(descriptor, query, query.count, 0) == query.count else { return nil }

        var answer = [UInt8](repeating: 0, count: 512)
        for _ in 0..<500 {
            let length = recv(descriptor, &answer, answer.count, 0)
            if length > 0 { return firstAddress(in: answer.prefix(length), queryLength: query.count) }
            try await Task.sleep(for: .milliseconds(2))
        }
        return nil
    }

    /// The address of the first answer, if it follows the question and its name is a pointer to the question, as
    /// dnsmasq writes it: pointer (2), type (2), class (2), time to live (4), length (2), address (4).
    private static func firstAddress(in answer: ArraySlice<UInt8>, queryLength: Int) -> String? {
        let answers = Int(answer[6]) << 8 | Int(answer[7])
        guard answers > 0, answer.count >= queryLength + 16 else { return nil }
        return answer[(queryLength + 12)..<(queryLength + 16)].map(String.init).joined(separator: ".")
    }
}
