internal import Foundation
internal import Glibc
public import Logging
internal import Nginx

/// Appends one line per attempt to a file or to standard output.
public actor AuditLog {
    public enum Destination: Sendable, Equatable {
        case standardOutput
        /// Opened for appending, created with mode 0640 where it is missing.
        case file(String)
    }

    private let descriptor: Int32
    private let isFile: Bool
    private let logger: Logger
    private let executor = QueueExecutor(label: "audit")

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Throws: `StartupError` when the file cannot be opened.
    public init(_ destination: Destination, logger: Logger) throws(StartupError) {
        self.logger = logger
        switch destination {
        case .standardOutput:
            descriptor = STDOUT_FILENO
            isFile = false
        case .file(let path):
            descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
            isFile = true
            guard descriptor >= 0 else {
                throw StartupError("audit log: cannot open \(path): \(String(cString: strerror(errno)))")
            }
        }
    }

    deinit {
        if isFile { close(descriptor) }
    }

    /// Writes the line in one piece. A line that cannot be written is logged instead: it is not lost, and nginx is
    /// not held up.
    public func append(_ record: AuditRecord) {
        do {
            let line = try record.json()
            var bytes = Array((line + "\n").utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    bytes = bytes.dropFirst(count)
                } else if errno != EINTR {
                    logger.error(
                        "the audit log cannot be written",
                        metadata: ["error": "\(String(cString: strerror(errno)))", "line": "\(line)"])
                    return
                }
            }
            if isFile { fsync(descriptor) }
        } catch {
            logger.error("an audit record cannot be encoded", metadata: ["error": "\(error)"])
        }
    }
}
