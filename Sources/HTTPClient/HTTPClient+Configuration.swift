internal import Logging

extension HTTPClient {
    struct Configuration: Sendable {
        let userAgent = "vault-ingress"
        /// The number of connections to a host and port, without streams. Further requests wait for one.
        var maximumConnectionsPerHost = 100
        /// The limit for a body that `send` reads, if the request has none.
        let maximumBodyBytes = 64 << 20
        /// The size of a stream's buffer. The transfer is paused while it is full.
        let streamBufferBytes = 256 << 10
        /// Gets one line per transfer at level trace: method, URL without its query, outcome and time.
        var logger = Logger(label: "http-client")
    }
}
