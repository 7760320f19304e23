/// Sends requests over libcurl. Connections are kept and shared by all requests of one client that agree in host,
/// `TLSOptions`, proxy and unix socket.
///
/// Every client has a thread for `send`, where HTTP/2 shares a connection among up to 100 requests, and one for `stream`.
/// Streams have HTTP/1.1 connections of their own: a stream that waits for its reader fills a window of 32 MiB in libcurl
/// when it is one of HTTP/2 (seen with 7.88), and one pool must not hold connections of both kinds to one host. The
/// threads start with the first request and end with `shutdown` or the client.
public final class HTTPClient: Sendable {
    private let configuration: Configuration
    private let requests: TransferLoop
    private let streams: TransferLoop

    public init(configuration: Configuration = .init()) {
        self.configuration = configuration
        requests = TransferLoop(multiplexed: true, configuration: configuration)
        streams = TransferLoop(multiplexed: false, configuration: configuration)
    }

    deinit {
        shutdown()
    }

    /// The response, read to its end. Redirects are answers too: they are not followed.
    /// - Throws: when there is no complete response; `.bodyTooLarge` when it exceeds the bound on bodies; `.cancelled`
    ///   as soon as the calling task is cancelled.
    public func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let prepared = try PreparedRequest(request, userAgent: configuration.userAgent)
        let receiver = WholeResponse(
            maximumBytes: request.maximumBodyBytes ?? configuration.maximumBodyBytes, label: prepared.label)
        let id = requests.newID()
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                receiver.wait(continuation)
                requests.start(id: id, prepared, receiver)
            }
        } onCancel: {
            // In this order: a transfer that starts later finds its receiver abandoned.
            receiver.finish(prepared.label.error(.cancelled))
            requests.cancel(id: id)
        }.get()
    }

    /// The response as soon as its head is there, its body to be read piece by piece. `HTTPRequest.timeout` bounds the
    /// whole of it: set it to nil for a response without end.
    public func stream(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPStream {
        let prepared = try PreparedRequest(request, userAgent: configuration.userAgent)
        let buffer = StreamBuffer(capacity: configuration.streamBufferBytes, label: prepared.label)
        // Owns the transfer from here on: if the task is cancelled, its end frees it.
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

    /// Ends all transfers with `.shutDown`, refuses new ones and lets the threads end. Returns at once; may be called again.
    public func shutdown() {
        requests.stop()
        streams.stop()
    }
}
