import HTTPClient

/// The rules of Vault's own client for retries.
enum Retry {
    /// True for a status after which a retry may succeed. 412: a replica has not seen a write yet.
    static func isWorthwhile(status: Int) -> Bool {
        switch status {
        case 412, 429: true
        case 501: false
        default: (500...599).contains(status)
        }
    }

    /// The wait before the next attempt: `Retry-After`, else 1 to 1.5 s times the number of attempts.
    ///
    /// | attempts | wait |
    /// |---|---|
    /// | 1 | 1 … 1.5 s |
    /// | 2 | 2 … 3 s |
    /// | 3 | 3 … 4.5 s |
    static func wait(attempt: Int, random: Double, retryAfter: Duration? = nil) -> Duration {
        retryAfter ?? .seconds((1 + random / 2) * Double(attempt))
    }

    /// `Retry-After` in seconds, the form that Vault sends.
    static func after(_ response: HTTPResponse) -> Duration? {
        guard let value = response.headers["Retry-After"], let seconds = Int64(value), (0...86_400).contains(seconds)
        else { return nil }
        return .seconds(seconds)
    }
}
