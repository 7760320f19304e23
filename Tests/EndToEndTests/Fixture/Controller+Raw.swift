import Foundation
import TestBed

/// An answer as it came.
struct RawAnswer: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: String

    /// What the backend saw; nil where the answer is not its own.
    var seen: Backend.Answer? { try? JSONDecoder().decode(Backend.Answer.self, from: Data(body.utf8)) }
}

extension Controller {
    /// A request whose target is sent as it stands: no client tidies it up.
    func raw(
        host: String, target: String = "/", method: String = "GET", headers: [String: String] = [:],
        to address: String = "127.0.0.1", from source: String? = nil
    ) async throws -> RawAnswer {
        let lines =
            ["\(method) \(target) HTTP/1.1", "Host: \(host)", "Connection: close"]
            + headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + [""]
        let text = try await RawHTTP.send(lines, port: httpPort, to: address, from: source)
        guard let end = text.firstRange(of: "\r\n\r\n") else { throw BedError("no answer: \(text)") }
        let head = text[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = head[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw BedError("no status: \(head[0])")
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
