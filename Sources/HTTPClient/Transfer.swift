import CCurl

/// A running exchange. Used on the loop's thread only; libcurl's callbacks refer to it.
final class Transfer {
    let id: UInt
    let prepared: PreparedRequest
    let receiver: any Receiver
    /// The last time when data was received, or when the transfer was resumed.
    private var lastActivity = ContinuousClock.now
    private var isPaused = false
    private var handle: EasyHandle
    private var head = ResponseHead.Parser()
    private var rejection: HTTPClientError?

    init(
        id: UInt, _ prepared: PreparedRequest, receiver: any Receiver, multiplexed: Bool
    ) throws(EasyHandle.Failure) {
        self.id = id
        self.prepared = prepared
        self.receiver = receiver
        guard let raw = curl_easy_init() else { throw EasyHandle.Failure(code: CURLE_OUT_OF_MEMORY) }
        handle = EasyHandle(raw)
        try handle.configure(for: prepared, multiplexed: multiplexed)
        // The id, not an address: the transfer is looked up by it.
        if let tag = UnsafeMutableRawPointer(bitPattern: id) { try handle.set(CURLOPT_PRIVATE, pointer: tag) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        try handle.set(CURLOPT_HEADERDATA, pointer: context)
        try handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.readHead(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        try handle.set(CURLOPT_WRITEDATA, pointer: context)
        try handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.readBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
    }

    /// For curl_multi_add_handle and curl_multi_remove_handle.
    var raw: UnsafeMutableRawPointer { handle.raw }

    static func id(of raw: UnsafeMutableRawPointer) -> UInt {
        var tag: UnsafeMutableRawPointer?
        ccurl_easy_getinfo_pointer(raw, CURLINFO_PRIVATE, &tag)
        return UInt(bitPattern: tag)
    }

    /// The error of a result; nil if the response is complete.
    func failure(_ result: CURLcode) -> HTTPClientError? {
        if result == CURLE_OK { return nil }
        if let rejection { return rejection }
        return HTTPClientError(
            result, message: handle.message, systemError: handle.systemError,
            method: prepared.label.method, url: prepared.label.url)
    }

    /// Resumes a paused transfer: libcurl delivers the bytes again.
    /// - Returns: libcurl's result. If it is not CURLE_OK, the caller must end the transfer.
    func resume() -> CURLcode {
        guard isPaused else { return CURLE_OK }
        isPaused = false
        lastActivity = .now
        // Calls `readBody` at once, which may pause again.
        return curl_easy_pause(handle.raw, CURLPAUSE_CONT)
    }

    /// The time at which the transfer times out if no more data is received.
    var deadline: ContinuousClock.Instant? {
        let total = prepared.request.timeout.map { prepared.started + $0 }
        let idle = isPaused ? nil : prepared.request.idleTimeout.map { lastActivity + $0 }
        guard let total, let idle else { return total ?? idle }
        return min(total, idle)
    }

    func overdue(at now: ContinuousClock.Instant) -> HTTPClientError? {
        let request = prepared.request
        if let timeout = request.timeout, prepared.started + timeout <= now {
            return prepared.label.error(.timedOut, "no complete response within \(timeout)")
        }
        if let idle = request.idleTimeout, !isPaused, lastActivity + idle <= now {
            return prepared.label.error(.idleTimedOut, "nothing received for \(idle)")
        }
        return nil
    }

    /// The transfer of a callback. The loop keeps it alive until curl_multi_remove_handle has returned.
    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// - Returns: the number of bytes taken; any other number ends the transfer.
    private func readHead(_ line: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        switch head.read(line) {
        case .more: break
        case .head(let head): receiver.receive(head)
        case .tooLarge:
            rejection = prepared.label.error(
                .badResponse, "header of more than \(ResponseHead.Parser.maximumBytes) bytes")
            return -1
        }
        return line.count
    }

    private func readBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !bytes.isEmpty else { return 0 }
        lastActivity = .now
        switch receiver.receive(bytes) {
        case .taken: return bytes.count
        case .pause:
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .rejected(let code, let detail):
            rejection = prepared.label.error(code, detail)
            return 0
        }
    }
}
