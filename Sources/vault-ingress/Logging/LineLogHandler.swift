internal import Foundation
internal import Logging

/// Writes each log message as one line to standard error. Standard output is for the audit log and nginx's access log.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let format: LogFormat

    init(label: String, level: Logger.Level, format: LogFormat) {
        self.label = label
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let list = fields.map { " \($0.key)=\("\($0.value)".logField)" }.joined()
            FileOutput.standardError.write("\(time) \(event.level) \("\(event.message)".oneLine)\(list)\n")
        case .json:
            var members = [
                ("time", time), ("level", event.level.rawValue), ("logger", label), ("message", "\(event.message)"),
            ]
            members += fields.map { ($0.key, "\($0.value)") }
            let list = members.map { "\($0.0.jsonString):\($0.1.jsonString)" }.joined(separator: ",")
            FileOutput.standardError.write("{\(list)}\n")
        }
    }
}
