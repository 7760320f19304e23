import Foundation
import TestBed

/// A response as received.
struct RawAnswer: Sendable {
    let status: Int
    /// By lowercase name.
    let headers: [String: String]
    let body: String

    /// The request as the backend received it; nil if the response is not from the backend.
    var seen: Backend.Answer? { try? JSONDecoder().decode(Backend.Answer.self, from: Data(body.utf8)) }
}

extension Controller {
    /// Sends a request with exactly this target, which a client library would normalize.
    func raw(
        host: String, target: String = "/", method: String = "GET", headers: [String: String] = [:],
        to address: String = "127.0.0.1", from source: String? = nil
    ) async throws -> RawAnswer {
        let lines =
            ["\(method) \(target) HTTP/1.1", "Host: \(host)", "Connection: close"]
            + headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + [""]
        let text = try await RawHTTP.send(lines, port: httpPort, to: address, from: source)
        guard let end = text.firstRange(of: "\r\n\r\n") else { throw BedError("expected a response, got: \(text)") }
        let head = text[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = head[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw BedError("expected a status line, got: \(head[0])")
        }
        let fields = head.dropFirst().compactMap { line -> (String, String)? in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2
                ? (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)) : nil
        }
        return RawAnswer(
            status: status, headers: Dictionary(fields) { $0 + ", " + $1 }, body: String(text[end.upperBound...]))
    }
}
