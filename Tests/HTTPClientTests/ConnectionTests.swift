import Foundation
import HTTPClient
import Testing

/// Requests to a real nginx, whose `$connection` identifies the connection.
@Suite(.nginx, .timeLimit(.minutes(2)))
struct ConnectionTests {
    private let bed: NginxBed

    init() throws {
        bed = try #require(NginxBed.current)
    }

    private func words(_ response: HTTPResponse) -> [String] {
        String(decoding: response.body, as: UTF8.self).split(separator: " ").map(String.init)
    }

    @Test("consecutive requests share a connection", arguments: [false, true])
    func reuse(tls: Bool) async throws {
        let client = HTTPClient()
        let request = try bed.trusted(tls ? bed.tls : bed.plain)
        var connections: Set<String> = []
        for _ in 0..<20 { connections.insert(try #require(words(try await client.send(request)).first)) }
        #expect(connections.count == 1)
    }

    @Test("HTTP/2 is used if TLS offers it, HTTP/1.1 otherwise and for streams")
    func protocolChoice() async throws {
        let client = HTTPClient()
        #expect(words(try await client.send(try bed.trusted(bed.tls)))[1] == "HTTP/2.0")
        #expect(words(try await client.send(try bed.trusted(bed.plain)))[1] == "HTTP/1.1")
        let stream = try await client.stream(try bed.trusted(bed.tls))
        var body: [UInt8] = []
        for try await chunk in stream.body { body += chunk }
        #expect(String(decoding: body, as: UTF8.self).contains("HTTP/1.1"))
    }

    @Test("a thousand concurrent requests succeed, on a limited number of connections", arguments: [false, true])
    func thousand(tls: Bool) async throws {
        #expect(try await connections(of: 1000, to: try bed.trusted(tls ? bed.tls : bed.plain)) <= 100)
    }

    @Test("a burst shares one HTTP/2 connection from the start")
    func burst() async throws {
        #expect(try await connections(of: 90, to: try bed.trusted(bed.tls)) == 1)
    }

    private func connections(of count: Int, to request: HTTPRequest) async throws -> Int {
        let client = HTTPClient()
        return try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count {
                group.addTask { try #require(words(try await client.send(request)).first) }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }.count
        }
    }

    @Test("a unix socket replaces the connection, but not the URL's host")
    func unixSocket() async throws {
        var request = HTTPRequest(url: "http://somewhere.example/path")
        request.unixSocket = bed.unixSocket
        let response = try await HTTPClient().send(request)
        #expect(String(decoding: response.body, as: UTF8.self).contains("|somewhere.example:"))
        request.unixSocket = bed.unixSocket + ".none"
        let error = await #expect(throws: HTTPClientError.self) { _ = try await HTTPClient().send(request) }
        #expect(error?.code == .couldNotConnect)
        #expect(error?.detail.hasPrefix("No such file or directory") == true)
    }

    @Test(
        "method, body, header and target are sent unchanged",
        arguments: [
            ("GET", nil, "GET - [a b] [-]"), ("POST", "{}", "POST 2 [a b] [-]"), ("POST", nil, "POST 0 [a b] [-]"),
            ("PATCH", "[1]", "PATCH 3 [a b] [-]"), ("DELETE", nil, "DELETE - [a b] [-]"),
            ("DELETE", "x", "DELETE 1 [a b] [-]"), ("LIST", nil, "LIST - [a b] [-]"),
        ] as [(String, String?, String)])
    func method(method: String, body: String?, expected: String) async throws {
        let request = HTTPRequest(
            method: method, url: bed.plain + "/echo/a/../%2e?q=1", headers: ["X-Test": "a b"],
            body: body.map { Array($0.utf8) })
        let response = try await HTTPClient().send(request)
        let text = String(decoding: response.body, as: UTF8.self)
            .replacingOccurrences(of: "  ", with: " - ").replacingOccurrences(of: "[]", with: "[-]")
        #expect(text == expected + " /echo/a/../%2e?q=1")
    }

    @Test("a HEAD response has no body, a redirect is not followed")
    func answers() async throws {
        let head = try await HTTPClient().send(HTTPRequest(method: "HEAD", url: bed.plain + "/big"))
        #expect(head.status == 200)
        #expect(head.headers["content-length"] == String(64 << 20))
        #expect(head.body.isEmpty)
        let redirect = try await HTTPClient().send(HTTPRequest(url: bed.plain + "/redirect"))
        #expect(redirect.status == 302)
        #expect(redirect.headers["Location"]?.hasSuffix("/elsewhere") == true)
    }

    @Test("a body beyond the limit is an error, one at the limit is not", arguments: [false, true])
    func bodyBound(tls: Bool) async throws {
        var request = try bed.trusted((tls ? bed.tls : bed.plain) + "/big")
        #expect(try await HTTPClient().send(request).body.count == 64 << 20)
        request.maximumBodyBytes = (64 << 20) - 1
        let error = await #expect(throws: HTTPClientError.self) {
            _ = try await HTTPClient().send(request)
        }
        #expect(error?.code == .bodyTooLarge)
        #expect(error?.description == "GET \(request.url): body too large: more than 67108863 bytes")
    }

    @Test("streams with slow readers do not block others, and lose nothing", arguments: [false, true])
    func pausedStreams(tls: Bool) async throws {
        let client = HTTPClient()
        let request = try bed.trusted((tls ? bed.tls : bed.plain) + "/big")
        let streams = try await withThrowingTaskGroup(of: HTTPStream.self) { group in
            for _ in 0..<4 { group.addTask { try await client.stream(request) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for _ in 0..<200 { _ = try await client.send(try bed.trusted(tls ? bed.tls : bed.plain)) }
        for stream in streams {
            var count = 0
            for try await chunk in stream.body { count += chunk.count }
            #expect(count == 64 << 20)
        }
    }
}
