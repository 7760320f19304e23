internal import FlyingSocks
internal import Glibc
public import Routing
public import ServiceLifecycle

/// The server of `/healthz`, `/readyz`, `/metrics`, `/status` and an index, for probes, Prometheus and people. Its
/// pages contain no secrets.
///
/// The whole network of the cluster can reach it, so its resources are limited. FlyingFox's server limits neither the
/// number of connections nor the length of a request; therefore only its sockets are used. A connection has one
/// request.
public struct AdminServer: Service {
    /// The maximum number of connections. A new one evicts the oldest one, so that a client with many idle connections
    /// cannot block the probes of the kubelet.
    static let connections = 64
    /// The time from the connection to the last byte of the response.
    static let deadline = Duration.seconds(10)

    private let address: AddressAndPort
    private let pages: AdminPages

    public init(address: AddressAndPort, state: ControllerState) {
        self.address = address
        pages = AdminPages(state: state)
    }

    /// - Throws: `StartupError` if it cannot listen on the address.
    public func run() async throws {
        let pool = SocketPool<ePoll>.ePoll()
        let listener: AsyncSocket
        do {
            try await pool.prepare()
            listener = try AsyncSocket(socket: listen(), pool: pool)
        } catch let error as SocketError {
            throw StartupError(
                "admin server: cannot listen on \(address): \(error.reason); set --admin-address to another address")
        }
        defer { try? listener.close() }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await pool.run() }
                group.addTask { await accept(from: listener) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func listen() throws -> Socket {
        let text = address.address.text
        let port = UInt16(address.port.number)
        let socket = try Socket(domain: address.address.isIPv6 ? AF_INET6 : AF_INET)
        try socket.setValue(true, for: .localAddressReuse)
        if address.address.isIPv6 {
            try socket.bind(to: sockaddr_in6.inet6(ip6: text, port: port))
        } else {
            try socket.bind(to: sockaddr_in.inet(ip4: text, port: port))
        }
        try socket.listen()
        return socket
    }

    private func accept(from listener: AsyncSocket) async {
        await withDiscardingTaskGroup { group in
            var open: [AsyncStream<Void>.Continuation] = []
            while !Task.isCancelled {
                guard let socket = try? await listener.accept() else {
                    // Probably out of file descriptors: wait, instead of spinning.
                    try? await Task.sleep(for: .milliseconds(100))
                    continue
                }
                let (eviction, evict) = AsyncStream<Void>.makeStream()
                open.append(evict)
                if open.count > Self.connections { open.removeFirst().finish() }
                group.addTask {
                    let connection = AdminConnection(socket: socket, respond: { await pages.response(to: $0) })
                    await connection.serve(until: eviction, deadline: Self.deadline)
                }
            }
            group.cancelAll()
        }
    }
}

extension SocketError {
    fileprivate var reason: String {
        if case .failed(_, _, let message) = self { message } else { "\(self)" }
    }
}
