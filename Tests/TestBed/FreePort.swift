import Glibc
import Synchronization

/// Free UDP and TCP ports.
public enum FreePort {
    /// Below the kernel's range for outgoing connections (ip(7), ip_local_port_range: from 32768), which could
    /// otherwise take the port of a server during its restart.
    private static let range = 20_000..<32_000
    private static let given = Mutex(Set<Int>())

    /// A different port in each call of a process.
    public static func next() throws -> Int {
        try given.withLock { given in
            for _ in 0..<1000 {
                let port = Int.random(in: range)
                guard !given.contains(port), isFree(port, SOCK_STREAM), isFree(port, SOCK_DGRAM) else { continue }
                given.insert(port)
                return port
            }
            throw BedError("no free port found in \(range)")
        }
    }

    private static func isFree(_ port: Int, _ type: __socket_type) -> Bool {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0
    }
}
