import Foundation
import HTTPClient
import TestBed
import Testing

extension ConformanceTests {
    /// Tests that control the backend byte by byte: when nginx forwards data, and when it times out.
    @Suite("Bodies and timeouts") struct StreamTests {
        private static let served = Shared {
            let site = try await Site.make()
            let backend = try await ScriptedBackend.start()
            try site.host("stream", port: backend.port, annotations: ["buffering": "off"])
            try site.host("buffered", port: backend.port, annotations: ["buffering": "on"])
            try site.host("send", port: backend.port, annotations: ["send-timeout": "300ms", "read-timeout": "1h"])
            try site.host("silent", annotations: ["read-timeout": "300ms"])
            try site.host("plain")
            return (controller: try await site.start(), backend: backend)
        }

        @Test("buffering off: the client receives the first part of a response before the backend sends the rest")
        func response() async throws {
            let (controller, backend) = try await Self.served.get()
            var request = controller.request(host: "stream.example.com")
            request.timeout = .seconds(20)
            async let accepted = backend.accept()
            async let answered = HTTPClient().stream(request)
            let connection = try await accepted
            _ = try await connection.read(until: "\r\n\r\n")
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
            var body = try await answered.body.makeAsyncIterator()
            #expect(try await body.next() == Array("first".utf8))
            try await connection.write(" last")
            #expect(try await body.next() == Array(" last".utf8))
            connection.close()
        }

        @Test(
            "buffering off forwards a request body before its end; on forwards the complete body",
            arguments: [true, false])
        func request(isBuffered: Bool) async throws {
            let (controller, backend) = try await Self.served.get()
            let client = try await PlayedConnection.connect(port: controller.httpPort)
            let host = isBuffered ? "buffered" : "stream"
            try await client.write("POST / HTTP/1.1\r\nHost: \(host).example.com\r\nContent-Length: 10\r\n\r\nfirst")
            if isBuffered { try await client.write(" last") }
            let connection = try await backend.accept()
            _ = try await connection.read(until: isBuffered ? "\r\n\r\nfirst last" : "\r\n\r\nfirst")
            if !isBuffered {
                try await client.write(" last")
                _ = try await connection.read(until: " last")
            }
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            #expect(try await client.read(until: "ok").hasPrefix("HTTP/1.1 200 OK"))
            connection.close()
            client.close()
        }

        @Test("send-timeout: 504 if the backend reads nothing for longer, independent of the read-timeout")
        func sendTimeout() async throws {
            let (controller, backend) = try await Self.served.get()
            async let accepted = backend.accept()
            // More than the kernel buffers for a reader that does not read.
            let request = controller.request(
                host: "send.example.com", method: "POST", body: Array(repeating: 0x61, count: 15 << 20))
            let start = ContinuousClock.now
            let response = try await controller.send(request)
            #expect(response.status == 504)
            #expect(ContinuousClock.now - start > .milliseconds(300))
            try await accepted.close()
        }

        @Test("read-timeout: the response comes soon after the timeout")
        func readTimeout() async throws {
            let (controller, _) = try await Self.served.get()
            let start = ContinuousClock.now
            #expect(try await controller.raw(host: "silent.example.com", target: "/sleep/30000").status == 504)
            let time = ContinuousClock.now - start
            #expect(time > .milliseconds(300))
            #expect(time < .seconds(10))
        }

        @Test("a WebSocket works, and is closed after the read-timeout without data")
        func webSocket() async throws {
            let (controller, _) = try await Self.served.get()
            let silent = try await WebSocket.connect(
                port: controller.httpPort, host: "silent.example.com", path: "/websocket")
            let other = try await WebSocket.connect(
                port: controller.httpPort, host: "plain.example.com", path: "/websocket")
            #expect(try await silent.echo("one") == "one")
            await #expect(throws: (any Error).self) { while true { _ = try await silent.receive() } }
            #expect(try await other.echo("two") == "two")
            try other.close()
        }
    }
}
