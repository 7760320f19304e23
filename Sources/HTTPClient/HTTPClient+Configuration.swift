public import Logging

extension HTTPClient {
    public struct Configuration: Sendable {
        public var userAgent = "vault-ingress"
        /// Connections to one host and port at once; further requests wait for one. Streams are not counted.
        public var maximumConnectionsPerHost = 100
        /// Bound on a body that `send` reads, where the request names none of its own.
        public var maximumBodyBytes = 64 << 20
        /// How much of a stream's body waits for its reader before the server is made to wait.
        public var streamBufferBytes = 256 << 10
        /// Gets one line per transfer at level trace: method, URL without its query, outcome and time.
        public var logger = Logger(label: "http-client")

        public init() {}
    }
}
