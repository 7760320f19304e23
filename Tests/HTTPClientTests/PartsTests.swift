import CCurl
import Testing

@testable import HTTPClient

/// Tests without a server.
struct PartsTests {
    @Test("a head is read from its lines; fields keep their order, trailers are skipped")
    func head() {
        var parser = ResponseHead.Parser()
        let lines = ["HTTP/2 404 \r\n", "B:  two \r\n", "a:one\r\n", "b: \r\n"]
        for line in lines { #expect(parser.read(Array(line.utf8)) == .more) }
        let expected = ResponseHead(status: 404, headers: ["B": "two", "a": "one", "b": ""])
        #expect(parser.read(Array("\r\n".utf8)) == .head(expected))
        for line in ["Trailer: x\r\n", "\r\n"] { #expect(parser.read(Array(line.utf8)) == .more) }
    }

    @Test(
        "libcurl's results are classified by code, and by message if the code is ambiguous",
        arguments: [
            (CURLE_SSL_CONNECT_ERROR, "error:0A000410:SSL routines::sslv3 alert handshake failure", .tlsFailed),
            (CURLE_SSL_CONNECT_ERROR, "OpenSSL SSL_connect: Connection reset by peer in connection", .connectionLost),
            (CURLE_SSL_CONNECT_ERROR, "error:0A000126:SSL routines::unexpected eof while reading", .connectionLost),
            (CURLE_RECV_ERROR, "Recv failure: Connection reset by peer", .connectionLost),
            (CURLE_RECV_ERROR, "OpenSSL SSL_read: error:0A00045C::tlsv13 alert certificate required", .tlsFailed),
            (CURLE_RECV_ERROR, "CONNECT tunnel failed, response 407", .couldNotConnect),
            (CURLE_PEER_FAILED_VERIFICATION, "", .tlsUntrusted), (CURLE_OPERATION_TIMEDOUT, "", .timedOut),
            (CURLE_OUT_OF_MEMORY, "", .other),
        ] as [(CURLcode, String, HTTPClientError.Code)])
    func kinds(result: CURLcode, message: String, code: HTTPClientError.Code) {
        #expect(HTTPClientError.Code(result, message: message) == code)
    }

    @Test(
        "a timeout is never rounded down to zero",
        arguments: [
            (Duration.zero, 1), (.nanoseconds(1), 1), (.milliseconds(1500), 1500), (.microseconds(1500), 2),
            (.seconds(Int64.max), Int(Int32.max)),
        ])
    func milliseconds(duration: Duration, expected: Int) {
        #expect(duration.wholeMilliseconds == expected)
    }

    @Test("equal failures have equal descriptions, whatever their duration")
    func lastingText() {
        func text(_ milliseconds: Int) -> String {
            HTTPClientError(
                CURLE_COULDNT_CONNECT,
                message: "Failed to connect to 10.0.0.1 port 8200 after \(milliseconds) ms: Couldn't connect to server",
                systemError: 0, method: "GET", url: "http://10.0.0.1:8200/"
            ).description
        }
        #expect(text(1) == text(1234))
        #expect(text(1).hasSuffix("Failed to connect to 10.0.0.1 port 8200: Couldn't connect to server"))
    }
}
