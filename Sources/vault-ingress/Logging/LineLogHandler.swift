internal import Foundation
internal import Logging

/// Writes each log message as one line to standard error: standard output belongs to the audit log and nginx's access
/// log.
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
            let list = fields.map { " \($0.key)=\(Self.word("\($0.value)"))" }.joined()
            FileOutput.standardError.write("\(time) \(event.level) \(event.message)\(list)\n")
        case .json:
            var members = [
                ("time", time), ("level", event.level.rawValue), ("logger", label), ("message", "\(event.message)"),
            ]
            members += fields.map { ($0.key, "\($0.value)") }
            let list = members.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",")
            FileOutput.standardError.write("{\(list)}\n")
        }
    }

    private static func word(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0 != "\"" && $0 != "=" && $0.properties.generalCategory != .control
        }
        return isPlain && !text.isEmpty ? text : quoted(text)
    }

    /// A JSON string (RFC 8259 §7), which is also safe on a terminal.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
