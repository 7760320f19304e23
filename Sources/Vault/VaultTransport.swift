public import HTTPClient

/// Exchanges a request for a response. A status of 400 and above is not an error.
public protocol VaultTransport: Sendable {
    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse
}

extension HTTPClient: VaultTransport {}
