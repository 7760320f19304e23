internal import CLinux
internal import Foundation
internal import Glibc

/// A listening socket of nginx that the controller also keeps open. While it is open, the port stays bound, and clients
/// that connect between two nginx masters wait in its backlog.
///
/// nginx inherits the sockets that the variable `NGINX` names (ngx_add_inherited_sockets), as in a binary upgrade.
final class ListeningSocket: Sendable {
    let descriptor: Int32

    private init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Binds and listens as nginx does.
    ///
    /// - Throws: `FileError` with `EADDRINUSE` if another socket has the port.
    convenience init(_ address: ListenAddress) throws(FileError) {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        // nginx expects inherited sockets to be non-blocking.
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

    /// Copies the listening sockets of a process. Empty without the permission to trace the process (pidfd_getfd(2)).
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

    /// True if the process has the socket open, or if that cannot be determined.
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
        // A process that has just exited has no open files.
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
    /// Opens the missing sockets.
    ///
    /// - Returns: false if another process has one of the ports. nginx reports all other problems.
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
