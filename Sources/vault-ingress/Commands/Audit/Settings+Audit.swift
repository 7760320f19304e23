internal import Audit
internal import Routing

/// The filters of `audit`.
extension Settings {
    static let auditHost = filter(
        "host", help: "Lines about this host, or about the wildcard that covers it", parse: Parsing.hostNames)

    static let auditNamespace = filter(
        "namespace", help: "Lines about an object in this namespace", parse: Parsing.namespace)

    static let auditObject = filter(
        "object", help: "Lines about this object: NAMESPACE/NAME or KIND/NAMESPACE/NAME", parse: Parsing.object)

    static let auditSince = filter("since", help: "Lines from this TIME on", parse: Moment.init)

    static let auditUntil = filter("until", help: "Lines up to this TIME", parse: Moment.init)

    static let auditResult = filter(
        "result", help: "Attempts with this result: \(Parsing.list(AuditRecord.Reload.Result.self))",
        parse: Parsing.oneOf(AuditRecord.Reload.Result.self))

    static let auditFailed = Setting<Bool>(
        "failed", variable: nil, default: .value(false, named: nil), help: "Attempts that were rejected or failed",
        recording: .omitted, parse: Parsing.boolean)

    static let auditAt = Setting<Moment?>(
        "at", variable: nil, default: .value(nil, named: "the end of the log"), help: "TIME to explain",
        recording: .omitted
    ) { text throws(InvalidValue) in try Moment(text) }

    private static func filter<Value>(
        _ name: String, help: String, parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
    ) -> Setting<Value?> {
        Setting(name, variable: nil, default: .value(nil, named: nil), help: help, recording: .omitted) {
            text throws(InvalidValue) in try parse(text)
        }
    }
}
