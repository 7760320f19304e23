internal import Basics
import HTTPClient
import Synchronization

/// Sends requests with a given token: headers, rate limit, concurrency limit, retries and one redirect.
final class VaultConnection: Sendable {
    /// In bytes; larger than the secrets that Vault stores by default.
    private static let bodyLimit = 4 << 20

    private let configuration: VaultConfiguration
    private let tls: TLSOptions
    private let transport: any VaultTransport
    private let timing: VaultTiming
    private let slots: ConcurrencyLimit
    /// The instant of time zero of `timing`, for the token bucket.
    private let origin = ContinuousClock.now
    private let bucket: Mutex<TokenBucket>?

    init(
        configuration: VaultConfiguration, transport: any VaultTransport, timing: VaultTiming
    ) throws(VaultConfigurationError) {
        self.configuration = configuration
        self.transport = transport
        self.timing = timing
        tls = TLSOptions(
            trust: configuration.trust, identity: try configuration.clientCertificate?.read(),
            serverName: configuration.serverName)
        slots = ConcurrencyLimit(configuration.concurrency)
        bucket = configuration.rateLimit.map { [origin] limit in
            // A Duration is limited.
            let interval = Duration.seconds(min(1 / limit.perSecond, 1e9))
            return Mutex(TokenBucket(burst: limit.burst, interval: interval, now: origin + timing.now()))
        }
    }

    /// Returns the response, whatever its status, after retries and a redirect.
    /// - Parameters:
    ///   - retries: as configured by default.
    ///   - timeout: of one attempt; as configured by default.
    func send(
        _ request: VaultRequest, token: Secret?, retries: Int? = nil, timeout: Duration? = nil
    ) async throws(VaultError) -> HTTPResponse {
        let retries = retries ?? configuration.maximumRetries
        var attempt = 1
        while true {
            do throws(VaultError) {
                let response = try await exchange(request, token: token, timeout: timeout ?? configuration.timeout)
                let retryAfter = Retry.after(response)
                // A wait longer than the timeout of an attempt is returned to the caller as an error.
                guard Retry.isWorthwhile(status: response.status), attempt <= retries,
                    retryAfter ?? .zero <= configuration.timeout
                else { return response }
                try await pause(Retry.wait(attempt: attempt, random: timing.random(), retryAfter: retryAfter))
            } catch {
                guard case .unreachable(let cause) = error, cause.isTransport, attempt <= retries else { throw error }
                try await pause(Retry.wait(attempt: attempt, random: timing.random()))
            }
            attempt += 1
        }
    }

    private func exchange(
        _ request: VaultRequest, token: Secret?, timeout: Duration
    ) async throws(VaultError) -> HTTPResponse {
        let now = origin + timing.now()
        if let start = bucket?.withLock({ $0.take(now) }), start > now { try await pause(now.duration(to: start)) }
        try await slots.enter()
        defer { slots.leave() }
        var message = httpRequest(request, token: token)
        message.timeout = timeout
        let response = try await deliver(message)
        guard response.status == 307 else { return response }

        let location = response.headers["Location"]
        guard let target = Redirect.target(location: location, from: message.url) else {
            throw .redirectRejected(path: request.path, location: String((location ?? "").prefix(200)))
        }
        message.url = target
        message.unixSocket = nil
        let second = try await deliver(message)
        guard second.status != 307 else {
            throw .redirectRejected(
                path: request.path, location: String((second.headers["Location"] ?? "").prefix(200)))
        }
        return second
    }

    private func deliver(_ message: HTTPRequest) async throws(VaultError) -> HTTPResponse {
        do throws(HTTPClientError) {
            return try await transport.send(message)
        } catch {
            throw .unreachable(from: error)
        }
    }

    private func httpRequest(_ request: VaultRequest, token: Secret?) -> HTTPRequest {
        var headers: HTTPHeaders = ["X-Vault-Request": "true"]
        if let namespace = configuration.namespace { headers["X-Vault-Namespace"] = namespace }
        if let token { headers["X-Vault-Token"] = token.text }
        if request.body != nil { headers["Content-Type"] = "application/json" }
        var message = HTTPRequest(
            method: request.method, url: "\(configuration.address)/v1/\(request.encodedPath)", headers: headers,
            body: request.body, tls: tls, unixSocket: configuration.unixSocket)
        message.proxy = configuration.proxy
        message.maximumBodyBytes = Self.bodyLimit
        return message
    }

    private func pause(_ duration: Duration) async throws(VaultError) {
        do {
            try await timing.sleep(duration)
        } catch {
            throw .cancelled
        }
    }
}
