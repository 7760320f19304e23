import Foundation
import HTTPClient
import TestBed
import Testing

/// The components of the test bed that need no API server.
@Suite("Components")
struct ComponentTests {
    static let folder = Shared { try TemporaryFolder.make() }
    static let backend = Shared { try await Backend.start(folder: try await folder.get()) }

    @Test("a server that exits before it is ready fails immediately, with its log")
    func early() async throws {
        let process = try await ServerProcess(
            "early", .init("/bin/sh", ["-c", "echo no such thing; exit 3"]), folder: try await Self.folder.get())
        let error = await #expect(throws: BedError.self) { try await process.ready("it listens") { false } }
        #expect(error?.description == "it listens: early ended, exited(3)\nno such thing")
    }

    @Test("a process that ignores SIGTERM is killed")
    func stubborn() async throws {
        let process = try await ServerProcess(
            "stubborn", .init("/bin/sh", ["-c", "trap '' TERM; echo up; while :; do sleep 1; done"]),
            folder: try await Self.folder.get())
        try await process.ready("the trap is set") { process.logTail() == "up" }
        #expect(await process.stop(grace: .milliseconds(50)) == .signaled(9))
        #expect(process.pid == nil)
    }

    @Test("a server inherits no open file of the test process")
    func files() async throws {
        let pipe = Pipe()
        let process = try await ServerProcess(
            "files", .init("/bin/ls", ["/proc/self/fd"]), folder: try await Self.folder.get())
        #expect(await process.ended() == .exited(0))
        // Standard input, output and error, and the folder that ls reads.
        #expect(process.logTail() == "0\n1\n2\n3")
        try pipe.fileHandleForWriting.close()
    }

    @Test("the cluster's DNS resolves a Service until it is removed")
    func dns() async throws {
        let dns = try await ClusterDNS.start(folder: try await Self.folder.get())
        let name = "web.shop.svc.cluster.local"
        #expect(try await dns.lookUp(name) == nil)
        try dns.set(service: "web", namespace: "shop", address: "127.96.0.7")
        try await eventually("the name resolves") { try await dns.lookUp(name) == "127.96.0.7" }
        try dns.remove(service: "web", namespace: "shop")
        try await eventually("the name does not resolve") { try await dns.lookUp(name) == nil }
    }

    @Test("a load counts all requests, and the failed ones by reason")
    func load() async throws {
        let backend = try await Self.backend.get()
        let url = "http://127.0.0.1:\(backend.port)"
        let succeeding = try await Load.during(HTTPRequest(url: url), limit: 20) {
            try await Task.sleep(for: .seconds(2))
        }.load
        #expect(succeeding.failed == 0)
        #expect((20...24).contains(succeeding.requests))
        let failing = try await Load.during(
            HTTPRequest(url: "\(url)/status/503"), tasks: 1, isReusing: false, limit: 10
        ) {
            try await Task.sleep(for: .seconds(2))
        }.load
        #expect(failing.failures == ["status 503": 10])
    }

    @Test("the backend returns a message to /websocket")
    func webSocket() async throws {
        let backend = try await Self.backend.get()
        let socket = try await WebSocket.connect(port: backend.port, host: "any", path: "/websocket")
        #expect(try await socket.echo("hello") == "hello")
    }
}
