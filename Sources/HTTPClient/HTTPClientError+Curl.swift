import CCurl
import Glibc

extension HTTPClientError {
    /// Converts a result of libcurl.
    ///
    /// - Parameters:
    ///   - message: the content of libcurl's error buffer.
    ///   - systemError: the errno of the last failed connect, or 0.
    init(_ result: CURLcode, message: String, systemError: Int32, method: String, url: String) {
        let text = message.isEmpty ? String(cString: curl_easy_strerror(result)) : message
        let code = Code(result, message: text)
        // Without the duration, equal failures have equal texts.
        let stableText = text.replacing(#/ after \d+ (ms|milliseconds)/#, with: "")
        self.init(
            code: code, method: method, url: url,
            detail: code == .couldNotConnect && systemError != 0
                // libcurl's own text, "Couldn't connect to server", does not contain the reason.
                ? "\(String(cString: strerror(systemError))) (\(stableText))"
                : Self.withoutPrefix(stableText))
    }

    private static func withoutPrefix(_ text: String) -> String {
        for prefix in ["SSL certificate problem: ", "SSL: "] where text.hasPrefix(prefix) {
            return String(text.dropFirst(prefix.count))
        }
        return text
    }
}

extension HTTPClientError.Code {
    init(_ result: CURLcode, message: String) {
        switch result {
        case CURLE_URL_MALFORMAT: self = .malformedURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .couldNotResolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: self = .couldNotConnect
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS: self = .tlsUntrusted
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER: self = .badTLSOptions
        case CURLE_SSL_CLIENTCERT: self = .tlsFailed
        case CURLE_SSL_CONNECT_ERROR: self = Self.endsTheHandshake(message) ? .connectionLost : .tlsFailed
        // TLS 1.3: a server rejects the client certificate after the handshake (RFC 8446 §4.4.2.4).
        case CURLE_RECV_ERROR where message.contains(" alert "), CURLE_SEND_ERROR where message.contains(" alert "):
            self = .tlsFailed
        case CURLE_RECV_ERROR where message.contains("CONNECT tunnel failed"): self = .couldNotConnect
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self = .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: self = .badResponse
        default: self = .other
        }
    }

    /// True if the connection was lost during the handshake, without a certificate error.
    private static func endsTheHandshake(_ message: String) -> Bool {
        message.contains("unexpected eof") || message.contains("SSL_ERROR_SYSCALL")
            || message.contains("Connection reset by peer")
    }
}
