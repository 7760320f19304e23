import HTTPClient

/// When a request is sent again, as Vault's own client does it.
enum Retry {
    /// The status says that the same request may do better later. 412 is a replica that has not seen a write yet.
    static func isWorthwhile(status: Int) -> Bool {
        switch status {
        case 412, 429: true
        case 501: false
        default: (500...599).contains(status)
        }
    }

    /// The wait before the next attempt: what the server asks for, else 1 to 1.5 s times the attempts made.
    ///
    /// | attempts made | wait |
    /// |---|---|
    /// | 1 | 1 … 1.5 s |
    /// | 2 | 2 … 3 s |
    /// | 3 | 3 … 4.5 s |
    static func wait(attempt: Int, random: Double, retryAfter: Duration? = nil) -> Duration {
        retryAfter ?? .seconds((1 + random / 2) * Double(attempt))
    }

    /// `Retry-After` in seconds, as Vault sends it; its other form, a date, is not read.
    static func after(_ response: HTTPResponse) -> Duration? {
        guard let value = response.headers["Retry-After"], let seconds = Int64(value), (0...86_400).contains(seconds)
        else { return nil }
        return .seconds(seconds)
    }
}
