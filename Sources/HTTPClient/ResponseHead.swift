internal import Basics

/// Status and header fields of a final response.
struct ResponseHead: Sendable, Equatable {
    let status: Int
    let headers: HTTPHeaders

    /// Parses a head line by line. Skips interim responses (1xx), and trailers after the body.
    struct Parser {
        enum Step: Equatable {
            case more
            case head(ResponseHead)
            case tooLarge
        }

        static let maximumBytes = 256 << 10

        private var status: Int?
        private var headers = HTTPHeaders()
        private var isComplete = false
        private var bytes = 0

        mutating func read(_ line: some Collection<UInt8>) -> Step {
            guard !isComplete else { return .more }
            bytes += line.count
            guard bytes <= Self.maximumBytes else { return .tooLarge }
            let text = String(decoding: line, as: UTF8.self).trimmed
            guard !text.isEmpty else { return endOfFields() }
            if status == nil {
                // "HTTP/1.1 200 OK", "HTTP/2 200"
                status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
                return .more
            }
            guard let colon = text.firstIndex(of: ":") else { return .more }
            headers.append(text[..<colon].trimmed, text[text.index(after: colon)...].trimmed)
            return .more
        }

        private mutating func endOfFields() -> Step {
            guard let status else { return .more }
            if (100..<200).contains(status), status != 101 {
                self.status = nil
                headers = HTTPHeaders()
                return .more
            }
            isComplete = true
            return .head(ResponseHead(status: status, headers: headers))
        }
    }
}
