internal import COpenSSL

/// The calling thread's error queue. Whoever fails reads it before the next `await`, which may resume elsewhere.
enum OpenSSLErrors {
    /// Empties the queue; the oldest entry is the cause, the later ones say who passed it on.
    static func drain() -> String? {
        let code = ERR_peek_error()
        ERR_clear_error()
        guard code != 0 else { return nil }
        if let reason = ERR_reason_error_string(code) { return String(cString: reason) }
        return "error \(code)"
    }
}
