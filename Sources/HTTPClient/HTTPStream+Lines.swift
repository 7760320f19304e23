internal import Basics

extension HTTPStream {
    /// The body's lines, none longer than 16 MiB.
    public var lines: Lines { lines() }

    /// The body's lines.
    /// - Parameter maximumLength: in bytes, without the newline; a longer line ends the stream with `.lineTooLong`.
    public func lines(maximumLength: Int = 16 << 20) -> Lines {
        Lines(body: body, maximumLength: maximumLength)
    }

    /// Lines without their newline (LF; a CR before it stays), put together across chunks. A last line without a newline
    /// is delivered when the body ends well. To be iterated once: a second iterator does not know what the first has read.
    public struct Lines: AsyncSequence, Sendable {
        public typealias Element = [UInt8]
        public typealias Failure = HTTPClientError

        let body: Body
        let maximumLength: Int

        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(
                subscription: body.subscription,
                splitter: LineSplitter(maximumLength: maximumLength, longLines: .error))
        }

        public struct AsyncIterator: AsyncIteratorProtocol {
            let subscription: Subscription
            var splitter: LineSplitter

            public mutating func next() async throws(HTTPClientError) -> [UInt8]? {
                while true {
                    switch splitter.next() {
                    case .line(let line): return line
                    case .tooLong:
                        subscription.cancel()
                        throw subscription.label.error(.lineTooLong, "more than \(splitter.maximumLength) bytes")
                    case .more: break
                    }
                    guard let chunk = try await subscription.next() else { return splitter.finish() }
                    splitter.append(chunk)
                }
            }

            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(HTTPClientError) -> [UInt8]? {
                try await next()
            }
        }
    }
}
