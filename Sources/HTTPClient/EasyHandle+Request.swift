import CCurl

extension EasyHandle {
    /// Sets all options except the callbacks.
    mutating func configure(for prepared: PreparedRequest, multiplexed: Bool) throws(Failure) {
        let request = prepared.request
        try set(CURLOPT_URL, prepared.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_PATH_AS_IS, true)
        try set(CURLOPT_USERAGENT, prepared.userAgent)
        try set(CURLOPT_NOSIGNAL, true)
        // Cancelling a transfer must not wait for its name resolution.
        try set(CURLOPT_QUICK_EXIT, true)
        try set(CURLOPT_TCP_KEEPALIVE, true)
        try setCloseOnExec()
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMilliseconds)
        if multiplexed, prepared.isTLS {
            try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
            // The requests of a burst share a connection: they wait for its handshake.
            try set(CURLOPT_PIPEWAIT, true)
        } else {
            try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        }
        // Empty: NULL would use the proxies of the environment.
        try set(CURLOPT_PROXY, request.proxy ?? "")
        try set(CURLOPT_NOPROXY, "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        if let path = request.unixSocket { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let connectTo = prepared.connectTo { try setList(CURLOPT_CONNECT_TO, [connectTo]) }
        try setMethod(request.method, body: request.body)
        try setList(CURLOPT_HTTPHEADER, prepared.headerLines)
        if prepared.isTLS { try setTLS(request.tls) }
        if !prepared.isSent {
            try set(CURLOPT_CONNECT_ONLY, true)
            try set(CURLOPT_FRESH_CONNECT, true)
        }
    }

    private func setMethod(_ method: String, body: [UInt8]?) throws(Failure) {
        if method == "HEAD", body == nil {
            try set(CURLOPT_NOBODY, true)
            return
        }
        // Methods that expect a body send Content-Length: 0 without one (RFC 9110 §8.6).
        if let body = body ?? (["POST", "PUT", "PATCH"].contains(method) ? [] : nil) {
            try set(CURLOPT_POST, true)
            try setBody(body)
        }
        try set(CURLOPT_CUSTOMREQUEST, method)
    }

    private func setTLS(_ tls: TLSOptions) throws(Failure) {
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        // The compiled-in file and directory would be trusted in addition.
        switch tls.trust {
        case .system: break
        case .pem(let certificates):
            try set(CURLOPT_CAINFO, nil)
            try set(CURLOPT_CAPATH, nil)
            try set(CURLOPT_CAINFO_BLOB, blob: certificates)
        case .file(let path):
            try set(CURLOPT_CAINFO, path)
            try set(CURLOPT_CAPATH, nil)
        case .directory(let path):
            try set(CURLOPT_CAINFO, nil)
            try set(CURLOPT_CAPATH, path)
        case .anything:
            try set(CURLOPT_SSL_VERIFYPEER, false)
            try set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let identity = tls.identity {
            // libcurl compares certificate blobs, but not keys, before it reuses a connection. With the key appended,
            // it compares both; the certificate's reader ignores the key.
            try set(CURLOPT_SSLCERT_BLOB, blob: identity.certificate + [UInt8(ascii: "\n")] + identity.key)
            try set(CURLOPT_SSLKEY_BLOB, blob: identity.key)
            // Without a passphrase, OpenSSL would ask for one on the terminal if the key is encrypted.
            try set(CURLOPT_KEYPASSWD, "")
        }
    }
}

extension Duration {
    /// Rounded up, at least 1: 0 means no limit in libcurl.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return max(1, Int(seconds * 1000 + rest))
    }
}
