import Foundation
import Glibc
import NginxConfig
import TestBed
import Testing

@testable import Nginx

@Suite("The pipe of nginx's messages")
struct MessagePipeTests {
    private let path: String

    init() throws {
        path = try TemporaryFolder.make("messages").appending(path: "messages").path
    }

    /// Writes as nginx does.
    private func write(_ text: String, to descriptor: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }

    @Test("each write is one packet, whatever it contains")
    func packets() throws {
        let pipe = try MessagePipe(path)
        #expect(pipe.isPacketized)
        #expect(pipe.read() == nil)
        let messages = ["one\ntwo\n", String(repeating: "x", count: 4096), "three"]
        for message in messages { #expect(write(message, to: pipe.writeEnd)) }
        #expect(messages.map { _ in pipe.read().map { String(decoding: $0, as: UTF8.self) } } == messages)
    }

    @Test("a full pipe drops messages instead of blocking, and says so")
    func full() throws {
        let pipe = try MessagePipe(path)
        #expect(!pipe.isFull)
        var written = 0
        while written < 100_000, write("message\n", to: pipe.writeEnd) { written += 1 }
        #expect(errno == EAGAIN)
        #expect((16...4096).contains(written))
        #expect(pipe.isFull)
        _ = pipe.read()
        #expect(!pipe.isFull)
    }

    @Test("an nginx that outlives its controller writes to the next one; in between, its messages are dropped")
    func next() throws {
        // nginx ignores the signal.
        signal(SIGPIPE, SIG_IGN)
        var first: MessagePipe? = try MessagePipe(path)
        let nginx = dup(try #require(first).writeEnd)
        defer { close(nginx) }
        first = nil
        #expect(!write("lost", to: nginx))
        #expect(errno == EPIPE)
        let second = try MessagePipe(path)
        #expect(write("found", to: nginx))
        #expect(second.read() == Array("found".utf8))
    }

    @Test("a file in its place is replaced, and a symbolic link is not followed")
    func inTheWay() throws {
        let other = path + ".other"
        try "x".write(toFile: other, atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
        _ = try MessagePipe(path)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "x")
    }

    @Test("messages are logged by nginx's level, the last ones too when nginx ends")
    func log() async throws {
        let folder = try TemporaryFolder.make("messages")
        let recorder = LogRecorder()
        let log = try MessageLog(state: StateDirectory(AbsolutePath(folder.path)), logger: recorder.logger)
        #expect(write("2026/01/31 03:12:45 [warn] 5#5: a\n", to: log.pipe.writeEnd))
        #expect(write("nginx: [emerg] b\n", to: log.pipe.writeEnd))
        await log.finish()
        #expect(
            recorder.lines == [
                "warning nginx message error=a nginx_level=warn pid=5",
                "critical nginx message error=b nginx_level=emerg",
            ])
    }
}
