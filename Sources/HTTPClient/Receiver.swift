/// Where a transfer's response goes. Called on the loop's thread; the other side is a task that waits.
protocol Receiver: AnyObject, Sendable {
    /// Nobody waits any more: the transfer is to end.
    var isAbandoned: Bool { get }
    func receive(_ head: ResponseHead)
    func receive(_ bytes: UnsafeRawBufferPointer) -> ReceiverVerdict
    /// The last call: the response is complete (nil), or what ended it.
    func finish(_ failure: HTTPClientError?)
}

enum ReceiverVerdict {
    case taken
    /// Nothing was taken; the same bytes are to come again after `TransferLoop.resume`.
    case pause
    /// The transfer fails with this.
    case refused(HTTPClientError.Code, String)
}
