public import Routing

/// The limits of request lines and request headers. nginx has one buffer for the request line, and as many more of the
/// same size as headers need, each for one header or several (ngx_http_core_module, `large_client_header_buffers`).
public struct RequestHeaderLimits: Sendable, Equatable {
    /// 16 KiB and 128 KiB.
    public static let standard = RequestHeaderLimits(line: 16 << 10, buffers: 8)

    /// The largest request line and the largest single header, in bytes.
    public let line: Int
    /// The number of buffers of that size.
    public let buffers: Int

    private init(line: Int, buffers: Int) {
        self.line = line
        self.buffers = buffers
    }

    /// - Parameters:
    ///   - line: the largest request line and the largest single header.
    ///   - total: all of them together, rounded up to a multiple of `line`.
    /// - Throws: `InvalidValue` if one line would not fit.
    public init(line: ByteSize, total: ByteSize) throws(InvalidValue) {
        guard total.bytes >= line.bytes else {
            throw InvalidValue("\(total)", expected: "at least the size of one line, \(line) bytes")
        }
        self.init(line: line.bytes, buffers: (total.bytes + line.bytes - 1) / line.bytes)
    }
}
