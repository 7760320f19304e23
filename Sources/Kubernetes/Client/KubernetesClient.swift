internal import Basics
internal import Foundation
public import HTTPClient
internal import KubernetesAPI
public import Logging

/// Sends requests to an API server with the given credentials.
public struct KubernetesClient: Sendable {
    /// The URL of the API server, without a trailing slash.
    public let server: String
    /// The namespace of the credentials: of the kubeconfig's context, or of the ServiceAccount.
    public let namespace: String?
    private let session: Session
    private let http: HTTPClient

    public init(credentials: ClusterCredentials, http: HTTPClient, logger: Logger) {
        self.init(credentials: credentials, http: http, logger: logger, now: { Date() })
    }

    /// - Parameter now: the clock against which tokens expire.
    init(credentials: ClusterCredentials, http: HTTPClient, logger: Logger, now: @escaping @Sendable () -> Date) {
        server = credentials.server
        namespace = credentials.namespace
        session = Session(credentials: credentials, now: now, logger: logger)
        self.http = http
    }

    /// Sends a request and returns the response, whose status is below 400.
    ///
    /// - Parameters:
    ///   - path: from the root of the API, such as `/api/v1/namespaces/shop/events`.
    ///   - contentType: the type of `body`.
    ///   - timeout: the limit for the whole exchange. Without it, only the time without data is limited.
    /// - Throws: `.rejected` with the server's Status if the status is 400 or above.
    func send(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        contentType: String = "application/json", timeout: Duration? = nil
    ) async throws(KubernetesError) -> HTTPResponse {
        var request = request(method, path, query)
        request.body = body
        request.timeout = timeout
        if body != nil { request.headers["Content-Type"] = contentType }
        let response = try await authorized(request) { request throws(HTTPClientError) in
            try await http.send(request)
        } status: {
            $0.status
        }
        guard response.status < 400 else { throw rejection(request, response.status, response.headers, response.body) }
        return response
    }

    /// Sends a GET request and decodes the JSON response.
    func get<Value: Decodable>(
        _ path: String, query: [(name: String, value: String)] = [], as type: Value.Type = Value.self
    ) async throws(KubernetesError) -> Value {
        try decode(type, try await send("GET", path, query: query), of: "GET \(server)\(path)")
    }

    /// Writes JSON, or a merge patch (RFC 7396), within `writeTimeout` and decodes the JSON response.
    func write<Body: Encodable, Value: Decodable>(
        _ method: String, _ path: String, _ body: Body, manager: String = FieldManager.program,
        as type: Value.Type = Value.self
    ) async throws(KubernetesError) -> Value {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try encoder.encode(body))
        } catch {
            throw KubernetesError(.unreadable, "\(method) \(server)\(path): cannot encode the request body: \(error)")
        }
        let response = try await send(
            method, path, query: [("fieldManager", manager)], body: bytes,
            contentType: method == "PATCH" ? "application/merge-patch+json" : "application/json",
            timeout: KubernetesClient.writeTimeout)
        return try decode(type, response, of: "\(method) \(server)\(path)")
    }

    /// Shorter than the time between a lease's renewal deadline and its expiry: a write that began as the holder ends
    /// before another replica can acquire the lease.
    static let writeTimeout = Duration.seconds(3)

    /// The limit for the time without data, except in a watch.
    static let idleTimeout = Duration.seconds(60)

    func decode<Value: Decodable>(
        _ type: Value.Type, _ response: HTTPResponse, of request: String
    ) throws(KubernetesError) -> Value {
        do {
            // The response to a patch is the whole object, with everything that others wrote into it.
            var scanner = ObjectScanner(.object, filter: MetadataFilter())
            let objects = try scanner.read(response.body)
            guard let object = try scanner.finish() ?? objects.first else {
                throw ScanError(offset: 0, expected: "a value")
            }
            return try object.decode(type)
        } catch {
            throw KubernetesError(.unreadable, "\(request): \(DecodingProblem.line(error))")
        }
    }

    /// Sends a GET request and streams the response.
    /// - Parameter idleTimeout: the limit for the time without data.
    func stream(
        _ path: String, query: [(name: String, value: String)], idleTimeout: Duration
    ) async throws(KubernetesError) -> HTTPStream {
        var request = request("GET", path, query)
        request.timeout = nil
        request.idleTimeout = idleTimeout
        let stream = try await authorized(request) { request throws(HTTPClientError) in
            try await http.stream(request)
        } status: {
            $0.status
        }
        guard stream.status < 400 else {
            var body: [UInt8] = []
            // An error here only shortens the message.
            do throws(HTTPClientError) {
                for try await chunk in stream.body where body.count < 1 << 16 { body += chunk }
            } catch {}
            throw rejection(request, stream.status, stream.headers, body)
        }
        return stream
    }

    private func request(_ method: String, _ path: String, _ query: [(name: String, value: String)]) -> HTTPRequest {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: KubernetesClient.unreserved) ?? text
        }
        let query = query.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        var request = HTTPRequest(method: method, url: server + path + (query.isEmpty ? "" : "?\(query)"))
        request.headers["Accept"] = "application/json"
        // The server ignores the limit of a list that it serves from its cache.
        request.maximumBodyBytes = 1 << 30
        request.timeout = nil
        request.idleTimeout = Self.idleTimeout
        return request
    }

    /// RFC 3986 §2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    /// Performs the request with the credentials. Retries once: after a 401 with new credentials, after a failed TLS
    /// handshake with the certificate authority read again.
    private func authorized<Answer>(
        _ request: HTTPRequest, _ perform: (HTTPRequest) async throws(HTTPClientError) -> Answer,
        status: (Answer) -> Int
    ) async throws(KubernetesError) -> Answer {
        var isRetry = false
        while true {
            let authorization = try await credentials { () throws(CredentialsError) in
                try await session.authorization()
            }
            var request = request
            request.tls = authorization.tls
            request.proxy = authorization.proxy
            request.headers["Authorization"] = authorization.header?.text
            do throws(HTTPClientError) {
                let answer = try await perform(request)
                guard status(answer) == 401, !isRetry else { return answer }
                let renewed = try? await session.renewLogin(after: authorization)
                guard renewed == true else { return answer }
            } catch {
                guard error.code == .tlsUntrusted || error.code == .tlsFailed, !isRetry,
                    (try? await session.renewTrust(after: authorization)) == true
                else { throw KubernetesError(error) }
            }
            isRetry = true
        }
    }

    private func credentials<Value>(
        _ read: () async throws(CredentialsError) -> Value
    ) async throws(KubernetesError) -> Value {
        do throws(CredentialsError) {
            return try await read()
        } catch {
            throw KubernetesError(Task.isCancelled ? .cancelled : .credentials, "\(error)")
        }
    }

    private func rejection(
        _ request: HTTPRequest, _ code: Int, _ headers: HTTPHeaders, _ body: [UInt8]
    ) -> KubernetesError {
        var status = (try? JSONDecoder().decode(Status.self, from: Data(body))) ?? Status(code: code)
        status.code = code
        if status.message.isEmpty {
            let text = String(decoding: body.prefix(200), as: UTF8.self)
            status.message = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        let retryAfter = headers["Retry-After"].flatMap { Int($0) }.map { Duration.seconds($0) }
        let reason = [status.reason, status.message].filter { !$0.isEmpty }.joined(separator: ": ")
        return KubernetesError(
            .rejected(status), "\(request): \(code) \(reason)", retryAfter: retryAfter ?? status.retryAfter)
    }
}

extension KubernetesError {
    init(_ error: HTTPClientError) {
        let code: Code =
            switch error.code {
            case .cancelled, .shutDown: .cancelled
            case .tlsUntrusted, .tlsFailed, .badTLSOptions: .untrusted
            case .badResponse, .bodyTooLarge, .lineTooLong: .unreadable
            default: .unreachable
            }
        self.init(code, "\(error)")
    }
}
