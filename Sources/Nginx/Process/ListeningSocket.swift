internal import CLinux
internal import Foundation
internal import Glibc

/// A socket that nginx accepts on, held by the controller as well: while it is open the port is not lost, and whoever
/// connects between two nginx masters waits in its queue instead of being refused.
///
/// nginx takes over the sockets that the variable `NGINX` names (ngx_add_inherited_sockets), as in its own upgrade of a
/// running binary.
final class ListeningSocket: Sendable {
    let descriptor: Int32

    private init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Binds and listens as nginx does.
    ///
    /// - Throws: `FileError` with `EADDRINUSE` where another socket has the port.
    convenience init(_ address: ListenAddress) throws(FileError) {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        // Not blocking: nginx expects that of what it inherits.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = try attempt("open a socket for", "\(address)") { socket(family, type, 0) }
        self.init(owning: descriptor)
        try set(SOL_SOCKET, SO_REUSEADDR, address)
        if address.isIPv6 { try set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, address) }
        try attempt("bind", "\(address)") {
            if address.isIPv6 {
                var name = sockaddr_in6()
                name.sin6_family = sa_family_t(AF_INET6)
                name.sin6_port = address.port.bigEndian
                return withUnsafeBytes(of: name) { bind(descriptor, to: $0) }
            }
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = address.port.bigEndian
            return withUnsafeBytes(of: name) { bind(descriptor, to: $0) }
        }
        // NGX_LISTEN_BACKLOG
        try attempt("listen on", "\(address)") { listen(descriptor, 511) }
    }

    /// Copies of the sockets that a process listens on. Empty where the system does not allow that: it takes the right to
    /// trace the process (pidfd_getfd(2)).
    static func held(by pid: pid_t, _ pidfd: PIDFD) -> [ListenAddress: ListeningSocket] {
        var found: [ListenAddress: ListeningSocket] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
        for number in names.compactMap({ Int32($0) }) {
            let copy = clinux_pidfd_getfd(pidfd.descriptor, number)
            guard copy >= 0 else { continue }
            let socket = ListeningSocket(owning: copy)
            guard socket.isListening, let address = ListenAddress(socket: copy) else { continue }
            found[address] = socket
        }
        return found
    }

    /// Whether the process has it open; true too where that cannot be seen.
    func isOpen(in pid: pid_t) -> Bool {
        // proc(5)
        let folder = "/proc/\(pid)/fd"
        func names() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return true }
        let link = "socket:[\(status.st_ino)]"
        let isFound = names().contains { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) == link
        }
        // One that has just died has nothing open, which does not say that it had no use for the socket.
        return isFound || names().isEmpty
    }

    private var isListening: Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0
    }

    private func set(_ level: Int32, _ option: Int32, _ address: ListenAddress) throws(FileError) {
        var on: Int32 = 1
        try attempt("set an option of the socket for", "\(address)") {
            setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}

private func bind(_ descriptor: Int32, to name: UnsafeRawBufferPointer) -> Int32 {
    guard let address = name.assumingMemoryBound(to: sockaddr.self).baseAddress else { return -1 }
    return Glibc.bind(descriptor, address, socklen_t(name.count))
}

extension [ListenAddress: ListeningSocket] {
    /// Opens those that are missing.
    ///
    /// - Returns: false where another process has one. Whatever else is wrong with one is for nginx to say.
    mutating func open(_ addresses: [ListenAddress]) -> Bool {
        var isComplete = true
        for address in addresses where self[address] == nil {
            do throws(FileError) {
                self[address] = try ListeningSocket(address)
            } catch {
                if error.code == EADDRINUSE { isComplete = false }
            }
        }
        return isComplete
    }
}
