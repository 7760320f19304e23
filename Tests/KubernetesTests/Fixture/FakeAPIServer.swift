import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// An HTTP server on loopback that answers from a table, for responses that a real API server does not give on request.
final class FakeAPIServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = "{}"
    }

    let url: String
    /// `GET /path?query token`, in the order of arrival.
    var requests: [String] { log.entries.withLock { $0 } }

    private let log: Log

    private final class Log: Sendable {
        let entries = Mutex<[String]>([])
    }

    private init(url: String, log: Log) {
        self.url = url
        self.log = log
    }

    /// Runs `body` while the server is up.
    /// - Parameter answer: receives the path with query, and the Authorization header.
    static func run(
        _ answer: @escaping @Sendable (_ path: String, _ authorization: String) -> Answer,
        body: (FakeAPIServer) async throws -> Void
    ) async throws {
        let log = Log()
        let server = HTTPServer(address: try sockaddr_in.inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
        await server.appendRoute("*") { request in
            let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            let path = request.path + (query.isEmpty ? "" : "?\(query)")
            let authorization = request.headers[.authorization] ?? ""
            log.entries.withLock { $0.append("\(request.method.rawValue) \(path) \(authorization)") }
            let answer = answer(path, authorization)
            return HTTPResponse(
                statusCode: HTTPStatusCode(answer.status, phrase: "-"),
                headers: HTTPHeaders(
                    answer.headers.reduce(into: [:]) { $0[HTTPHeader($1.key)] = $1.value }),
                body: Data(answer.body.utf8))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await server.waitUntilListening()
            guard case .ip4(_, let port) = await server.listeningAddress else { throw SocketError.unsupportedAddress }
            try await body(FakeAPIServer(url: "http://127.0.0.1:\(port)", log: log))
            group.cancelAll()
            // The server throws when it is cancelled.
            while let result = await group.nextResult() { _ = result }
        }
    }
}
