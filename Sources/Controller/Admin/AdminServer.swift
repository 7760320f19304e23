internal import FlyingFox
internal import FlyingSocks
internal import Glibc
public import Routing
public import ServiceLifecycle

internal import struct Foundation.Data

/// `/healthz`, `/readyz`, `/metrics`, `/status` and an index, for probes, Prometheus and people. Holds no secrets.
public struct AdminServer: Service {
    private let address: AddressAndPort
    private let state: ControllerState

    public init(address: AddressAndPort, state: ControllerState) {
        self.address = address
        self.state = state
    }

    /// - Throws: `StartupError` when the address cannot be listened on.
    public func run() async throws {
        let server = HTTPServer(config: try configuration(), handler: handler)
        do {
            try await cancelWhenGracefulShutdown { try await server.run() }
        } catch is CancellationError {
            return
        } catch let error as SocketError {
            if Task.isCancelled || Task.isShuttingDownGracefully { return }
            throw StartupError("admin server: cannot listen on \(address): \(error.reason)")
        }
    }

    private func configuration() throws -> HTTPServer.Configuration {
        let port = UInt16(address.port.number)
        let text = address.address.text
        return address.address.isIPv6
            ? HTTPServer.Configuration(address: try sockaddr_in6.inet6(ip6: text, port: port), logger: .disabled)
            : HTTPServer.Configuration(address: try sockaddr_in.inet(ip4: text, port: port), logger: .disabled)
    }

    private var handler: RoutedHTTPHandler {
        var handler = RoutedHTTPHandler()
        handler.appendRoute("GET /healthz") { _ in .text(.ok, "ok\n") }
        handler.appendRoute("GET /readyz") { [state] _ in
            if let reason = state.reasonNotReady { return .text(.serviceUnavailable, "not ready: \(reason)\n") }
            return .text(.ok, "ready\n")
        }
        handler.appendRoute("GET /metrics") { [state] _ in
            .text(.ok, Metrics.text(of: state), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        handler.appendRoute("GET /status") { [state] _ in
            .text(.ok, try StatusPage.json(of: state), type: "application/json")
        }
        handler.appendRoute("GET /") { _ in
            .text(
                .ok,
                "vault-ingress\n\n/healthz  alive\n/readyz   ready for traffic\n/metrics  for Prometheus\n/status   hosts, owners and rejections\n"
            )
        }
        return handler
    }
}

extension HTTPResponse {
    fileprivate static func text(
        _ status: HTTPStatusCode, _ body: String, type: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: [.contentType: type], body: Data(body.utf8))
    }
}

extension SocketError {
    fileprivate var reason: String {
        if case .failed(_, _, let message) = self { message } else { "\(self)" }
    }
}
