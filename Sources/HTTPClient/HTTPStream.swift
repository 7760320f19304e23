/// A response whose body is received while it is read. The transfer ends, and its connection is closed, with the body,
/// with the cancellation of a task that waits for it, or with the last reference to the stream and its sequences.
public struct HTTPStream: Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    /// For a single reader. The transfer is paused while the reader is slow.
    public let body: Body

    init(head: ResponseHead, subscription: Subscription) {
        status = head.status
        headers = head.headers
        body = Body(subscription: subscription)
    }

    /// Non-empty chunks of the body. Chunks that arrive before they are read are merged.
    public struct Body: AsyncSequence, Sendable {
        public typealias Element = [UInt8]
        public typealias Failure = HTTPClientError

        let subscription: Subscription

        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(subscription: subscription)
        }

        public struct AsyncIterator: AsyncIteratorProtocol {
            let subscription: Subscription

            public mutating func next() async throws(HTTPClientError) -> [UInt8]? {
                try await subscription.next()
            }

            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(HTTPClientError) -> [UInt8]? {
                try await subscription.next()
            }
        }
    }

    /// Owns the transfer. Only the reader refers to it, so that its end cancels the transfer.
    final class Subscription: Sendable {
        let id: UInt
        let label: PreparedRequest.Label
        private let buffer: StreamBuffer
        private let loop: TransferLoop
        /// Keeps the client alive.
        private let client: HTTPClient

        init(id: UInt, label: PreparedRequest.Label, buffer: StreamBuffer, loop: TransferLoop, client: HTTPClient) {
            self.id = id
            self.label = label
            self.buffer = buffer
            self.loop = loop
            self.client = client
        }

        deinit {
            cancel()
        }

        func next() async throws(HTTPClientError) -> [UInt8]? {
            try await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    if buffer.waitForChunk(continuation) { loop.resume(id: id) }
                }
            } onCancel: {
                cancel()
            }.get()
        }

        func cancel() {
            // In this order, a transfer that starts later finds its receiver abandoned.
            buffer.abandon()
            loop.cancel(id: id)
        }
    }
}
