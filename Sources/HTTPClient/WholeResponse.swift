import Synchronization

/// The receiver of a complete response, for `send`.
final class WholeResponse: Receiver {
    typealias Outcome = Result<HTTPResponse, HTTPClientError>

    private enum State {
        case open(head: ResponseHead?, body: [UInt8], waiting: CheckedContinuation<Outcome, Never>?)
        case over(Outcome)
    }

    private let maximumBytes: Int
    private let label: PreparedRequest.Label
    private let state = Mutex(State.open(head: nil, body: [], waiting: nil))

    /// False for a handshake without a request, whose response is empty.
    private let isSent: Bool

    init(maximumBytes: Int, label: PreparedRequest.Label, isSent: Bool) {
        self.isSent = isSent
        self.maximumBytes = maximumBytes
        self.label = label
    }

    /// Resumes the continuation with the outcome: at once if the task was cancelled before.
    func wait(_ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome: Outcome? = state.withLock { state in
            switch state {
            case .open(let head, let body, _):
                state = .open(head: head, body: body, waiting: continuation)
                return nil
            case .over(let outcome): return outcome
            }
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    var isAbandoned: Bool {
        state.withLock { if case .over = $0 { true } else { false } }
    }

    func receive(_ head: ResponseHead) {
        state.withLock { state in
            guard case .open(_, let body, let waiting) = state else { return }
            state = .open(head: head, body: body, waiting: waiting)
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> ReceiverVerdict {
        state.withLock { state in
            guard case .open(let head, var body, let waiting) = state else { return .rejected(.cancelled, "") }
            guard bytes.count <= maximumBytes - body.count else {
                return .rejected(.bodyTooLarge, "more than \(maximumBytes) bytes")
            }
            // Without a second reference, the append does not copy the body.
            state = .open(head: head, body: [], waiting: waiting)
            body.append(contentsOf: bytes)
            state = .open(head: head, body: body, waiting: waiting)
            return .taken
        }
    }

    func finish(_ failure: HTTPClientError?) {
        let finished: (CheckedContinuation<Outcome, Never>?, Outcome)? = state.withLock { state in
            guard case .open(let head, let body, let waiting) = state else { return nil }
            let outcome: Outcome =
                if let failure {
                    .failure(failure)
                } else if let head {
                    .success(HTTPResponse(status: head.status, headers: head.headers, body: body))
                } else if !isSent {
                    .success(HTTPResponse(status: 0, headers: [:], body: []))
                } else {
                    .failure(label.error(.badResponse, "no status line"))
                }
            state = .over(outcome)
            return (waiting, outcome)
        }
        if let (waiting, outcome) = finished { waiting?.resume(returning: outcome) }
    }
}
