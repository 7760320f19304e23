/// Sends requests with libcurl. Connections are kept alive and shared by the requests of a client with equal host,
/// `TLSOptions`, proxy and unix socket.
///
/// Each client has one thread for `send`, where up to 100 requests share an HTTP/2 connection, and one for `stream`.
/// Streams use separate HTTP/1.1 connections: with HTTP/2, a paused stream fills a window of 32 MiB in libcurl (seen
/// with 7.88), and a pool must not contain both kinds of connections to one host. The threads start with the first
/// request and end with `shutdown` or the client.
public final class HTTPClient: Sendable {
    private let configuration: Configuration
    private let requests: TransferLoop
    private let streams: TransferLoop

    public convenience init() {
        self.init(configuration: Configuration())
    }

    init(configuration: Configuration) {
        self.configuration = configuration
        requests = TransferLoop(multiplexed: true, configuration: configuration)
        streams = TransferLoop(multiplexed: false, configuration: configuration)
    }

    deinit {
        shutdown()
    }

    /// Sends a request and returns the complete response. Does not follow redirects.
    /// - Throws: without a complete response; `.bodyTooLarge` if the body exceeds the limit; `.cancelled` as soon as
    ///   the calling task is cancelled.
    public func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        try await perform(request, isSent: true)
    }

    /// Connects to the server of a request on a new connection, performs the TLS handshake, and closes the connection. The
    /// request is not sent.
    /// - Throws: without a handshake, as the options of the request require it.
    public func connect(_ request: HTTPRequest) async throws(HTTPClientError) {
        _ = try await perform(request, isSent: false)
    }

    private func perform(_ request: HTTPRequest, isSent: Bool) async throws(HTTPClientError) -> HTTPResponse {
        let prepared = try PreparedRequest(request, userAgent: configuration.userAgent, isSent: isSent)
        let receiver = WholeResponse(
            maximumBytes: request.maximumBodyBytes ?? configuration.maximumBodyBytes, label: prepared.label,
            isSent: isSent)
        let id = requests.newID()
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                receiver.wait(continuation)
                requests.start(id: id, prepared, receiver)
            }
        } onCancel: {
            // In this order, a transfer that starts later finds its receiver abandoned.
            receiver.finish(prepared.label.error(.cancelled))
            requests.cancel(id: id)
        }.get()
    }

    /// Sends a request and returns the response when its head has arrived. The body is read as a stream.
    /// `HTTPRequest.timeout` limits the whole transfer: set it to nil for an endless response.
    public func stream(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPStream {
        let prepared = try PreparedRequest(request, userAgent: configuration.userAgent)
        let buffer = StreamBuffer(capacity: configuration.streamBufferBytes, label: prepared.label)
        // Owns the transfer from here on, also if the task is cancelled.
        let subscription = HTTPStream.Subscription(
            id: streams.newID(), label: prepared.label, buffer: buffer, loop: streams, client: self)
        let head = try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                buffer.waitForHead(continuation)
                streams.start(id: subscription.id, prepared, buffer)
            }
        } onCancel: {
            subscription.cancel()
        }.get()
        return HTTPStream(head: head, subscription: subscription)
    }

    /// Ends all transfers with `.shutDown`, rejects new ones and stops the threads. Returns at once; may be called
    /// again.
    public func shutdown() {
        requests.stop()
        streams.stop()
    }
}
