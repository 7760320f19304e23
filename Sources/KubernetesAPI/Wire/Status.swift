/// meta/v1 Status: why the server rejected a request.
public struct Status: Sendable, Equatable, Error {
    /// The HTTP status.
    public var code: Int
    /// `Expired`, `Forbidden`, … ; may be empty.
    public var reason: String
    public var message: String
    /// `details.causes[].reason`.
    public var causes: [String]
    /// `details.retryAfterSeconds`.
    public var retryAfterSeconds: Int?

    public init(
        code: Int, reason: String = "", message: String = "", causes: [String] = [], retryAfterSeconds: Int? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.retryAfterSeconds = retryAfterSeconds
    }

    package var retryAfter: Duration? { retryAfterSeconds.map { .seconds($0) } }

    /// The server no longer keeps the requested version: 410, or its reason with another code.
    package var isExpired: Bool { code == 410 || reason == "Expired" || reason == "Gone" }

    /// The requested version is newer than the server's data. Servers before 1.19 state this only in the message.
    package var isTooLargeResourceVersion: Bool {
        causes.contains("ResourceVersionTooLarge") || message.contains("Too large resource version")
    }
}

extension Status: Decodable {
    private enum CodingKeys: String, CodingKey {
        case code, reason, message, details
    }

    private struct Details: Decodable {
        let causes: [Cause]?
        let retryAfterSeconds: Int?

        struct Cause: Decodable {
            let reason: String?
        }
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let details = try fields.decodeIfPresent(Details.self, forKey: .details)
        self.init(
            code: try fields.decodeIfPresent(Int.self, forKey: .code) ?? 0,
            reason: try fields.decodeIfPresent(String.self, forKey: .reason) ?? "",
            message: try fields.decodeIfPresent(String.self, forKey: .message) ?? "",
            causes: details?.causes?.compactMap(\.reason) ?? [],
            retryAfterSeconds: details?.retryAfterSeconds)
    }
}
