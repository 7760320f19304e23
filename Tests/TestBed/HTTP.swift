public import HTTPClient

/// Requests of the bed itself and of its tests.
public enum HTTP {
    /// One for all: connections are kept between requests.
    private static let client = HTTPClient()

    public static func get(_ url: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        try await send(HTTPRequest(url: url, headers: headers))
    }

    public static func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await client.send(request)
    }
}
