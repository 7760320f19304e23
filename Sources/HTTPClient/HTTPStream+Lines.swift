internal import Basics

extension HTTPStream {
    /// The lines of the body. A line of more than 16 MiB ends the stream with `.lineTooLong`.
    public var lines: Lines { lines(maximumLength: 16 << 20) }

    /// - Parameter maximumLength: in bytes, without the LF.
    func lines(maximumLength: Int) -> Lines {
        Lines(body: body, maximumLength: maximumLength)
    }

    /// Lines without their LF (a CR before it stays). A last line without LF is delivered if the body is complete. Can
    /// be iterated once.
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
