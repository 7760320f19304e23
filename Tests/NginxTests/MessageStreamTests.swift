import Testing

@testable import Nginx

@Suite("Messages of nginx")
struct MessageStreamTests {
    private let now = ContinuousClock.now

    private func read(_ texts: String..., isPacketized: Bool = true) -> [MessageStream.Record] {
        var stream = MessageStream(isPacketized: isPacketized, now: now)
        return texts.flatMap { stream.read(Array($0.utf8), now: now) }
    }

    @Test(
        "a message is read with its level and process, in each of nginx's forms",
        arguments: [
            (
                "2026/01/31 03:12:45 [error] 12#13: *7 connect() failed (111: Connection refused)\n",
                MessageStream.Record(level: "error", pid: "12", text: "*7 connect() failed (111: Connection refused)")
            ),
            ("nginx: [emerg] bind() failed\n", MessageStream.Record(level: "emerg", pid: nil, text: "bind() failed")),
            ("free(): invalid pointer\n", MessageStream.Record(level: nil, pid: nil, text: "free(): invalid pointer")),
            ("[x", MessageStream.Record(level: nil, pid: nil, text: "[x")),
        ])
    func forms(message: String, record: MessageStream.Record) {
        #expect(read(message) == [record])
    }

    @Test("a line end inside a message does not begin another record")
    func lineEnds() {
        #expect(
            read("2026/01/31 03:12:45 [error] 1#1: *2 header: \"x\n{\"event\":\"hosts\"}\ny\"\n")
                == [MessageStream.Record(level: "error", pid: "1", text: "*2 header: \"x\n{\"event\":\"hosts\"}\ny\"")])
    }

    @Test("a pipe without packets is split at line ends, and an unfinished line is completed by the next read")
    func lines() {
        #expect(
            read("nginx: [warn] a\nnginx: [wa", "rn] b\n\n", isPacketized: false).map(\.text) == ["a", "b"])
    }

    @Test("messages above the rate are counted, and the count is due ten seconds after the first of them")
    func rate() {
        var stream = MessageStream(isPacketized: true, now: now)
        var records = 0
        for _ in 1...(MessageStream.burst + 70) {
            records += stream.read(Array("nginx: [error] x\n".utf8), now: now).count
        }
        #expect(records == MessageStream.burst)
        #expect(stream.summary(now: now) == nil)
        #expect(stream.summaryDue == now + .seconds(10))
        // A second later, 50 more.
        for _ in 1...60 { records += stream.read(Array("nginx: [error] x\n".utf8), now: now + .seconds(1)).count }
        #expect(records == MessageStream.burst + 50)
        stream.overflow(now: now + .seconds(2))
        #expect(stream.summary(now: now + .seconds(10)) == MessageStream.Summary(suppressed: 80, overflows: 1))
        #expect(stream.summary(now: now + .seconds(30)) == nil)
        #expect(stream.summaryDue == nil)
    }
}
