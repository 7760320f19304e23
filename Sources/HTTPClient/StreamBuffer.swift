import Synchronization

/// The buffer between a transfer and the reader of its stream. Pauses the transfer while it is full.
final class StreamBuffer: Receiver {
    typealias Head = Result<ResponseHead, HTTPClientError>
    /// Nil at the end of the body.
    typealias Chunk = Result<[UInt8]?, HTTPClientError>

    private struct State {
        var head: ResponseHead?
        var bytes: [UInt8] = []
        var isPaused = false
        var end: Result<Void, HTTPClientError>?
        var headWaiting: CheckedContinuation<Head, Never>?
        var chunkWaiting: [CheckedContinuation<Chunk, Never>] = []
    }

    private let capacity: Int
    private let label: PreparedRequest.Label
    private let state = Mutex(State())

    init(capacity: Int, label: PreparedRequest.Label) {
        self.capacity = capacity
        self.label = label
    }

    func waitForHead(_ continuation: CheckedContinuation<Head, Never>) {
        let head: Head? = state.withLock { state in
            if let head = state.head { return .success(head) }
            if let end = state.end { return .failure(Self.error(end) ?? label.error(.badResponse, "no status line")) }
            state.headWaiting = continuation
            return nil
        }
        if let head { continuation.resume(returning: head) }
    }

    /// Resumes the continuation with all buffered bytes, as soon as there are any.
    /// - Returns: true if the transfer is paused and must be resumed.
    func waitForChunk(_ continuation: CheckedContinuation<Chunk, Never>) -> Bool {
        let (chunk, wasPaused): (Chunk?, Bool) = state.withLock { state in
            if !state.bytes.isEmpty {
                let bytes = state.bytes
                state.bytes = []
                let wasPaused = state.isPaused
                state.isPaused = false
                return (.success(bytes), wasPaused)
            }
            if let end = state.end { return (end.map { nil }, false) }
            state.chunkWaiting.append(continuation)
            return (nil, false)
        }
        if let chunk { continuation.resume(returning: chunk) }
        return wasPaused
    }

    /// Ends the stream for its reader and drops the buffered bytes.
    func abandon() {
        finish(label.error(.cancelled), dropping: true)
    }

    var isAbandoned: Bool {
        state.withLock { $0.end != nil }
    }

    func receive(_ head: ResponseHead) {
        let waiting = state.withLock { state in
            state.head = head
            return state.headWaiting.take()
        }
        waiting?.resume(returning: .success(head))
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> ReceiverVerdict {
        enum Next {
            case verdict(ReceiverVerdict)
            case hand(CheckedContinuation<Chunk, Never>)
        }
        let next: Next = state.withLock { state in
            guard state.end == nil else { return .verdict(.rejected(.cancelled, "")) }
            // A reader waits only while the buffer is empty, so its chunk is exactly these bytes.
            if !state.chunkWaiting.isEmpty { return .hand(state.chunkWaiting.removeFirst()) }
            guard state.bytes.isEmpty || state.bytes.count + bytes.count <= capacity else {
                state.isPaused = true
                return .verdict(.pause)
            }
            state.bytes.append(contentsOf: bytes)
            return .verdict(.taken)
        }
        switch next {
        case .verdict(let verdict): return verdict
        case .hand(let reader):
            reader.resume(returning: .success(Array(bytes)))
            return .taken
        }
    }

    func finish(_ failure: HTTPClientError?) {
        finish(failure, dropping: false)
    }

    private func finish(_ failure: HTTPClientError?, dropping: Bool) {
        let end: Result<Void, HTTPClientError> = if let failure { .failure(failure) } else { .success(()) }
        let (headWaiting, chunkWaiting) = state.withLock { state in
            if dropping { state.bytes = [] }
            if state.end == nil { state.end = end }
            let waiting = (state.headWaiting.take(), state.chunkWaiting)
            state.chunkWaiting = []
            return waiting
        }
        headWaiting?.resume(returning: .failure(failure ?? label.error(.badResponse, "no status line")))
        for waiting in chunkWaiting { waiting.resume(returning: end.map { nil }) }
    }

    private static func error(_ end: Result<Void, HTTPClientError>) -> HTTPClientError? {
        if case .failure(let error) = end { error } else { nil }
    }
}
