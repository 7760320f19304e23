public import HTTPClient

/// The HTTP requests of the bed and its tests.
public enum HTTP {
    /// Shared, so that connections are kept alive between requests.
    private static let client = HTTPClient()

    public static func get(_ url: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        try await send(HTTPRequest(url: url, headers: headers))
    }

    public static func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await client.send(request)
    }
}
