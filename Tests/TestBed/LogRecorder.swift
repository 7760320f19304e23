public import Logging
internal import Synchronization

extension Logger {
    /// A logger that discards everything.
    public static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Records the log of the component under test, at every level.
public final class LogRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    public init() {}

    /// Level, message and metadata of each entry: `info nginx started pid=12 version=1.22.1`.
    public var lines: [String] { recorded.withLock { $0 } }

    public var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let fields = all.map { "\($0.key)=\($0.value)" }.sorted()
            recorder.recorded.withLock {
                $0.append((["\(event.level)", "\(event.message)"] + fields).joined(separator: " "))
            }
        }
    }
}
