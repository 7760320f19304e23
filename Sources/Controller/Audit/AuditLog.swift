public import Audit
internal import Glibc
public import Logging
internal import Nginx

public import struct Foundation.Date

/// Writes the lines of the audit log to a file or to standard output.
public actor AuditLog {
    public enum Destination: Sendable, Equatable {
        case standardOutput
        /// A file that is opened for appending, and created with mode 0640 if it is missing.
        case file(String, AuditRotation)
    }

    /// Nil is standard output.
    private let file: AuditFile?
    private let pod: String
    private let logger: Logger
    private let executor = QueueExecutor(label: "audit")
    /// The state that the head of each new file contains.
    private var state = AuditedState()
    /// True if lines were lost, so that the state has to be written again.
    private var hasGap = false
    private var isStandardOutputInsideLine = false
    /// The number of the last line. A line that is lost keeps its number, so that a reader of the log misses it.
    private var sequence = 0

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter pod: the pod that writes these lines.
    /// - Throws: `StartupError` if the file cannot be opened.
    public init(_ destination: Destination, pod: String, logger: Logger) throws(StartupError) {
        self.pod = pod
        self.logger = logger
        switch destination {
        case .standardOutput: file = nil
        case .file(let path, let rotation):
            do throws(AuditFile.Failure) {
                file = try AuditFile(path, rotation)
            } catch {
                throw StartupError(
                    "audit log: cannot open \(path): \(error.reason); set --audit-log to a writable file")
            }
        }
    }

    /// Writes one line per record, all in one write. Lines that cannot be written are logged instead, and nginx is not
    /// delayed.
    ///
    /// - Parameter state: what is served after these records; nil if they do not change it.
    public func append(_ records: [AuditRecord], at time: Date, leaving state: AuditedState? = nil) {
        defer { self.state = state ?? self.state }
        guard !records.isEmpty else { return }
        if let file, file.isFull(for: size(of: records, at: time)) {
            changeFile("rotate", at: time) { file throws(AuditFile.Failure) in try file.rotate() }
        }
        if hasGap, write(head(at: time), isHead: true) { hasGap = false }
        if !write(lines(of: records, at: time)) { hasGap = true }
    }

    /// Opens the file that now has the name, after logrotate has moved the previous one.
    public func reopen(at time: Date) {
        guard file != nil else { return }
        changeFile("reopen", at: time) { file throws(AuditFile.Failure) in try file.reopen() }
    }

    /// If that fails, the lines continue in the previous file.
    private func changeFile(
        _ verb: String, at time: Date, _ body: (AuditFile) throws(AuditFile.Failure) -> Void
    ) {
        guard let file else { return }
        do throws(AuditFile.Failure) {
            try body(file)
        } catch {
            logger.error("cannot \(verb) audit log", metadata: ["error": "\(error.reason)"])
            return
        }
        if file.isEmpty, !write(head(at: time), isHead: true) { hasGap = true }
    }

    private func head(at time: Date) -> [UInt8] {
        lines(of: state.records(scope: .whole), at: time)
    }

    /// The size of the lines, without numbering them: the head of a new file comes first.
    private func size(of records: [AuditRecord], at time: Date) -> Int {
        let last = sequence
        defer { sequence = last }
        return lines(of: records, at: time).count
    }

    private func lines(of records: [AuditRecord], at time: Date) -> [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            do {
                sequence += 1
                let line = AuditLine(time: Timestamp(time), pod: pod, sequence: sequence, record)
                bytes += (try line.json() + "\n").utf8
            } catch {
                logger.error("cannot encode audit record", metadata: ["error": "\(error)"])
            }
        }
        return bytes
    }

    private func write(_ lines: [UInt8], isHead: Bool = false) -> Bool {
        do throws(AuditFile.Failure) {
            if let file {
                try file.append(lines, isHead: isHead)
            } else {
                try lines.write(to: STDOUT_FILENO, isInsideLine: &isStandardOutputInsideLine)
            }
            return true
        } catch {
            // The head is written again before the next line, so that nothing is lost with it.
            guard !isHead else { return false }
            for line in String(decoding: lines, as: UTF8.self).split(separator: "\n") {
                logger.error(
                    "cannot write audit log", metadata: ["error": "\(error.reason)", "line": "\(line)"])
            }
            return false
        }
    }
}
