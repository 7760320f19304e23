public import HTTPClient

/// One exchange with the server. A status of 400 and above is an answer.
public protocol VaultTransport: Sendable {
    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse
}

extension HTTPClient: VaultTransport {}
