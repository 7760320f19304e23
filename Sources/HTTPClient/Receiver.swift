/// The destination of a response. It is called on the loop's thread, and delivers the response to a waiting task.
protocol Receiver: AnyObject, Sendable {
    /// True when no task waits any longer and the transfer can end.
    var isAbandoned: Bool { get }
    func receive(_ head: ResponseHead)
    func receive(_ bytes: UnsafeRawBufferPointer) -> ReceiverVerdict
    /// The last call: the response is complete (nil) or has failed.
    func finish(_ failure: HTTPClientError?)
}

enum ReceiverVerdict {
    case taken
    /// The bytes are not taken. They are delivered again after `TransferLoop.resume`.
    case pause
    /// The transfer fails with this error.
    case rejected(HTTPClientError.Code, String)
}
