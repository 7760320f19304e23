import Foundation
import TestBed

/// A TCP port on every address of this machine whose accept queue is full: a new connection is neither accepted nor
/// refused.
final class FullListener: Sendable {
    let port: Int
    private let descriptors: [Int32]

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 0) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else { throw BedError("cannot listen: \(String(cString: strerror(errno)))") }
        port = Int(UInt16(bigEndian: address.sin_port))
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        // More connections than the queue holds. They get no answer, so nothing waits for them.
        descriptors =
            [listener]
            + (0..<4).map { _ in
                let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
                _ = withUnsafePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, size) }
                }
                return client
            }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
