import CCurl
import Glibc

extension HTTPClientError {
    /// Reads libcurl's result; `message` is its error buffer, `systemError` the errno of the last failed connect or 0.
    init(_ result: CURLcode, message: String, systemError: Int32, method: String, url: String) {
        let text = message.isEmpty ? String(cString: curl_easy_strerror(result)) : message
        let code = Code(result, message: text)
        // libcurl says how long it tried. The same failure is to read the same each time.
        let lasting = text.replacing(#/ after \d+ (ms|milliseconds)/#, with: "")
        self.init(
            code: code, method: method, url: url,
            detail: code == .couldNotConnect && systemError != 0
                // libcurl says "Couldn't connect to server" whatever the reason was.
                ? "\(String(cString: strerror(systemError))) (\(lasting))"
                : Self.withoutPrefix(lasting))
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
        // TLS 1.3: the server's word on the client's certificate comes after the handshake (RFC 8446 §4.4.2.4).
        case CURLE_RECV_ERROR where message.contains(" alert "), CURLE_SEND_ERROR where message.contains(" alert "):
            self = .tlsFailed
        case CURLE_RECV_ERROR where message.contains("CONNECT tunnel failed"): self = .couldNotConnect
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self = .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: self = .badResponse
        default: self = .other
        }
    }

    /// The peer went away during the handshake; neither side found fault with a certificate.
    private static func endsTheHandshake(_ message: String) -> Bool {
        message.contains("unexpected eof") || message.contains("SSL_ERROR_SYSCALL")
            || message.contains("Connection reset by peer")
    }
}
