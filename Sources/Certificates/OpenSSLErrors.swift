internal import COpenSSL

/// The error queue of the calling thread. Read it before the next `await`, which may resume on another thread.
enum OpenSSLErrors {
    /// Empties the queue. The oldest entry is the cause; the others are from the callers.
    static func drain() -> String? {
        let code = ERR_peek_error()
        ERR_clear_error()
        guard code != 0 else { return nil }
        if let reason = ERR_reason_error_string(code) { return String(cString: reason) }
        return "error \(code)"
    }
}
