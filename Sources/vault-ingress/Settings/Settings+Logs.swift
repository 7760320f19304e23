internal import Logging
internal import Routing

/// The audit log and the program's own log.
extension Settings {
    static let auditLog = Setting<String?>(
        "audit-log", variable: "AUDIT_LOG", default: .value(nil, named: "standard output"),
        help: "File for the audit log", recording: .omitted, parse: Parsing.text)

    static let auditMaxSize = Setting<Int?>(
        "audit-max-size", variable: "AUDIT_MAX_SIZE", default: .text("100m"),
        help: "Size at which the audit log is rotated; 0 for never", recording: .omitted, parse: Parsing.size)

    static let auditKeep = Setting<Int>(
        "audit-keep", variable: "AUDIT_KEEP", default: .text("5"), help: "Number of rotated audit logs to keep",
        recording: .omitted, parse: Parsing.number(1...1000))

    static let logLevel = Setting<Logger.Level>(
        "log-level", variable: "LOG_LEVEL", otherVariables: ["\(debug.name)=true"], default: .text("info"),
        help: Parsing.list(Logger.Level.self), recording: .omitted, parse: Parsing.oneOf(Logger.Level.self))

    /// Sets the default of `logLevel` to debug.
    static let debug = Variable<Bool>(name: "DEBUG", parse: Parsing.boolean)

    /// Nil: text on a terminal, else JSON.
    static let logFormat = Setting<LogFormat?>(
        "log-format", variable: "LOG_FORMAT", default: .value(nil, named: "text on a terminal, else json"),
        help: Parsing.list(LogFormat.self), recording: .omitted
    ) { text throws(InvalidValue) in try Parsing.oneOf(LogFormat.self)(text) }
}
