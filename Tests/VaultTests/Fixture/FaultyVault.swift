import FlyingFox
import FlyingSocks
import Foundation
import Synchronization
import Vault

import struct HTTPClient.HTTPHeaders

/// Replaces Vault for faults that a real server cannot produce: answers by a function and
/// records the requests.
final class FaultyVault: Sendable {
    struct Request: Sendable {
        var method: String
        /// Includes the query.
        var path: String
        var headers: [String: String]
        var body: String
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
        var delay = Duration.zero

        static let secret = Answer(
            body: #"{"data":{"data":{"crt":"C","key":"K"},"metadata":{"version":3,"created_time":"t"}}}"#)
        static let lookUp = Answer(body: #"{"data":{"ttl":0,"renewable":false}}"#)
        static let denied = Answer(status: 403, body: #"{"errors":["permission denied"]}"#)
    }

    private struct State {
        var requests: [Request] = []
        var underWay = 0
        var mostUnderWay = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Request, Int) -> Answer

    var requests: [Request] { state.withLock(\.requests) }
    var mostUnderWay: Int { state.withLock(\.mostUnderWay) }

    /// - Parameter answer: receives the request and the number of earlier requests with its path.
    init(_ answer: @escaping @Sendable (Request, Int) -> Answer) {
        self.answer = answer
    }

    /// Serves on a free loopback port while `body` runs.
    func serve(_ body: (_ address: String) async throws -> Void) async throws {
        let handler = ClosureHTTPHandler { [self] request in
            try await respond(to: request)
        }
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled, handler: handler)
        let running = Task { try await server.run() }
        defer { running.cancel() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw CancellationError() }
        try await body("http://127.0.0.1:\(port)")
    }

    private func respond(to message: HTTPRequest) async throws -> HTTPResponse {
        let request = Request(
            method: message.method.rawValue, path: message.path,
            headers: Dictionary(message.headers.map { ($0.key.rawValue.lowercased(), $0.value) }) { first, _ in first },
            body: String(decoding: try await message.bodyData, as: UTF8.self))
        let answer = state.withLock { state in
            let before = state.requests.count { $0.path == request.path }
            state.requests.append(request)
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            return self.answer(request, before)
        }
        defer { state.withLock { $0.underWay -= 1 } }
        if answer.delay > .zero { try await Task.sleep(for: answer.delay) }
        var headers = FlyingFox.HTTPHeaders()
        for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
        return HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: "-"), headers: headers, body: Data(answer.body.utf8))
    }
}
