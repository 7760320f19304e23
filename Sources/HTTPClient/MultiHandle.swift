import CCurl
import Logging

/// A libcurl multi handle and its transfers. Used on the loop's thread only.
final class MultiHandle {
    /// Calls curl_global_init once per process.
    private static let isInitialized = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    let raw: UnsafeMutableRawPointer
    private let multiplexed: Bool
    private let logger: Logger
    private var transfers: [UInt: Transfer] = [:]
    /// No transfer is overdue before this time. Received data only postpones deadlines, so it is rarely recomputed.
    private var nextDeadline: ContinuousClock.Instant?

    init?(multiplexed: Bool, configuration: HTTPClient.Configuration) {
        guard Self.isInitialized, let raw = curl_multi_init() else { return nil }
        self.raw = raw
        self.multiplexed = multiplexed
        logger = configuration.logger
        let most = configuration.maximumConnectionsPerHost
        ccurl_multi_setopt_long(raw, CURLMOPT_PIPELINING, multiplexed ? Int(CURLPIPE_MULTIPLEX) : 0)
        if multiplexed { ccurl_multi_setopt_long(raw, CURLMOPT_MAX_HOST_CONNECTIONS, most) }
        // The number of idle connections. libcurl's default depends on the number of running transfers, and would close
        // most connections between two bursts.
        ccurl_multi_setopt_long(raw, CURLMOPT_MAXCONNECTS, most)
    }

    deinit {
        curl_multi_cleanup(raw)
    }

    func perform(_ command: TransferLoop.Command) {
        switch command {
        case .start(let id, let prepared, let receiver): start(id: id, prepared, receiver)
        case .cancel(let id):
            if let transfer = remove(id: id) { finish(transfer, transfer.prepared.label.error(.cancelled)) }
        case .resume(let id):
            guard let transfer = transfers[id] else { return }
            let result = transfer.resume()
            if result == CURLE_OK {
                note(transfer.deadline)
            } else {
                _ = remove(id: id)
                finish(transfer, transfer.failure(result))
            }
        }
    }

    /// Performs all transfers, finishes those that are complete or overdue, and waits for data or a wake-up.
    /// - Returns: libcurl's message if it has failed; the handle is of no use then.
    func step() -> String? {
        var running: Int32 = 0
        let performed = curl_multi_perform(raw, &running)
        finishComplete()
        finishOverdue()
        let wait = nextDeadline.map { max(.zero, $0 - .now) } ?? .seconds(60)
        let polled = curl_multi_poll(raw, nil, 0, Int32(clamping: wait.wholeMilliseconds), nil)
        return [performed, polled].first { $0 != CURLM_OK }.map { String(cString: curl_multi_strerror($0)) }
    }

    /// Ends all transfers.
    func failAll(_ code: HTTPClientError.Code, _ message: String = "") {
        for id in transfers.keys.sorted() {
            if let transfer = remove(id: id) { finish(transfer, transfer.prepared.label.error(code, message)) }
        }
    }

    private func start(id: UInt, _ prepared: PreparedRequest, _ receiver: any Receiver) {
        // The task was cancelled before the transfer started.
        guard !receiver.isAbandoned else { return }
        do {
            let transfer = try Transfer(id: id, prepared, receiver: receiver, multiplexed: multiplexed)
            transfers[id] = transfer
            note(transfer.deadline)
            let code = curl_multi_add_handle(raw, transfer.raw)
            guard code == CURLM_OK else {
                transfers[id] = nil
                receiver.finish(prepared.label.error(.other, String(cString: curl_multi_strerror(code))))
                return
            }
        } catch {
            receiver.finish(
                HTTPClientError(
                    error.code, message: "", systemError: 0, method: prepared.label.method, url: prepared.label.url))
        }
    }

    private func finishComplete() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            // Removing the handle invalidates the message.
            let result = message.pointee.data.result
            guard let transfer = remove(id: Transfer.id(of: message.pointee.easy_handle)) else { continue }
            finish(transfer, transfer.failure(result))
        }
    }

    private func finishOverdue() {
        let now = ContinuousClock.now
        guard let nextDeadline, nextDeadline <= now else { return }
        self.nextDeadline = nil
        for id in transfers.keys.sorted() {
            guard let transfer = transfers[id] else { continue }
            if let error = transfer.overdue(at: now) {
                _ = remove(id: id)
                finish(transfer, error)
            } else {
                note(transfer.deadline)
            }
        }
    }

    private func note(_ deadline: ContinuousClock.Instant?) {
        guard let deadline else { return }
        nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
    }

    /// Removes a transfer. Closes its connection, or its HTTP/2 stream, if the response is incomplete.
    private func remove(id: UInt) -> Transfer? {
        guard let transfer = transfers.removeValue(forKey: id) else { return nil }
        curl_multi_remove_handle(raw, transfer.raw)
        return transfer
    }

    private func finish(_ transfer: Transfer, _ failure: HTTPClientError?) {
        logger.trace(
            "transfer finished",
            metadata: [
                "method": "\(transfer.prepared.label.method)", "url": "\(transfer.prepared.label.url)",
                "outcome": "\(failure.map { "\($0.code.rawValue): \($0.detail)" } ?? "complete")",
                "milliseconds": "\((ContinuousClock.now - transfer.prepared.started) / .milliseconds(1))",
            ])
        transfer.receiver.finish(failure)
    }
}
