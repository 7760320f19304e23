internal import CLinux
internal import Foundation
internal import Glibc
internal import Logging
internal import NginxConfig

/// Logs what nginx writes to its standard error, each message as a record of the controller's log, which escapes it. So
/// the bytes of a backend in a message cannot look like a line of another log.
///
/// One thread reads: the log may block, and must not do so on the cooperative pool.
final class MessageLog: Sendable {
    let pipe: MessagePipe
    private let stop: Int32
    private let ended: AsyncStream<Void>

    /// - Throws: `FileError` if the pipe cannot be opened.
    init(state: StateDirectory, logger: Logger) throws(FileError) {
        let pipe = try MessagePipe(state.messagePipe.text)
        var ends: [Int32] = [-1, -1]
        try attempt("create a pipe for", state.messagePipe.text) { pipe2(&ends, O_CLOEXEC) }
        let (ended, end) = AsyncStream<Void>.makeStream()
        self.pipe = pipe
        self.ended = ended
        stop = ends[1]
        let stopped = ends[0]
        Thread.detachNewThread {
            MessageLog.read(pipe, until: stopped, logger)
            close(stopped)
            end.finish()
        }
    }

    /// Logs the messages that nginx has written, and stops. To be called once.
    func finish() async {
        close(stop)
        for await _ in ended {}
    }

    /// Blocks until the other end of `stopped` is closed.
    private static func read(_ pipe: MessagePipe, until stopped: Int32, _ logger: Logger) {
        var stream = MessageStream(isPacketized: pipe.isPacketized, now: .now)
        while true {
            let wait = stream.summaryDue.map { ContinuousClock.now.duration(to: $0) / .milliseconds(1) }
            let isOpen = pipe.wait(or: stopped, timeout: wait.map { Int32(max(0, $0.rounded(.up))) } ?? -1)
            if pipe.isFull { stream.overflow(now: .now) }
            while let bytes = pipe.read() {
                for record in stream.read(bytes, now: .now) { log(record, logger) }
                if let summary = stream.summary(now: .now) { log(summary, logger) }
            }
            if let summary = stream.summary(now: .now) { log(summary, logger) }
            guard isOpen else { return }
        }
    }

    private static func log(_ record: MessageStream.Record, _ logger: Logger) {
        var metadata: Logger.Metadata = ["error": "\(record.text)"]
        metadata["nginx_level"] = record.level.map { "\($0)" }
        metadata["pid"] = record.pid.map { "\($0)" }
        logger.log(level: level(record.level), "nginx message", metadata: metadata)
    }

    private static func log(_ summary: MessageStream.Summary, _ logger: Logger) {
        logger.warning(
            "nginx messages lost",
            metadata: ["suppressed": "\(summary.suppressed)", "pipe_was_full": "\(summary.overflows)"])
    }

    /// nginx's levels `emerg` and `alert` have no equal; a message without level comes from a process that aborts.
    private static func level(_ name: String?) -> Logger.Level {
        switch name {
        case "emerg", "alert": .critical
        case "crit", "error", nil: .error
        case "warn": .warning
        case "notice": .notice
        case "info": .info
        default: .debug
        }
    }
}
