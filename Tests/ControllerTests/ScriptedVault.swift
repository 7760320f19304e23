import Foundation
import HTTPClient
import Synchronization
import TestBed
import Vault

/// A Vault with the answers of a test, by path: the answers below `/v1/`, anything else is 404.
final class ScriptedVault: VaultTransport {
    enum Answer: Sendable {
        case status(Int, String)
        case error(HTTPClientError.Code)
    }

    private struct State {
        var answers: [String: Answer]
        var asked: [String] = []
    }

    private let state: Mutex<State>

    init(_ answers: [String: Answer] = [:]) {
        state = Mutex(
            State(
                answers: answers.merging([
                    "auth/token/lookup-self": .status(200, #"{"data":{"ttl":0,"renewable":false}}"#),
                    "sys/internal/ui/mounts/secret/ssl/a.example.com": .status(
                        200, #"{"data":{"path":"secret/","options":{"version":"2"}}}"#),
                ]) { given, _ in given }))
    }

    /// The requested paths, without login and mounts.
    var asked: [String] {
        state.withLock { $0.asked.filter { !$0.hasPrefix("auth/") && !$0.hasPrefix("sys/") } }
    }

    func set(_ path: String, _ answer: Answer) {
        state.withLock { $0.answers[path] = answer }
    }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let path = request.url.split(separator: "/v1/", maxSplits: 1).last?.removingPercentEncoding ?? ""
        let answer = state.withLock { state in
            state.asked.append(path)
            return state.answers[path] ?? .status(404, #"{"errors":[]}"#)
        }
        switch answer {
        case .status(let status, let body):
            return HTTPResponse(status: status, headers: [:], body: Array(body.utf8))
        case .error(let code):
            throw HTTPClientError(code: code, method: request.method, url: request.url, detail: "as scripted")
        }
    }
}

extension ScriptedVault.Answer {
    /// A secret of KV 2.
    static func secret(_ fields: [String: String], version: Int = 1) throws -> Self {
        let body: JSON = [
            "data": [
                "data": .object(fields.mapValues(JSON.string)),
                "metadata": ["version": .integer(version), "created_time": "t"],
            ]
        ]
        return .status(200, String(decoding: try body.bytes, as: UTF8.self))
    }

    static func metadata(version: Int) -> Self {
        .status(
            200,
            """
            {"data":{"current_version":\(version),
            "versions":{"\(version)":{"created_time":"t","deletion_time":"","destroyed":false}}}}
            """)
    }
}
