internal import Audit
internal import Foundation
internal import Routing

/// A time, or a duration before now.
enum Moment: Sendable {
    case time(Timestamp)
    case before(Duration)

    /// - Throws: `InvalidValue`.
    init(_ text: String) throws(InvalidValue) {
        if let time = Timestamp(text) {
            self = .time(time)
        } else if let duration = try? Duration(text: text) {
            self = .before(duration)
        } else {
            throw InvalidValue(text, expected: "a time such as 2026-01-31T03:12:45Z, or a duration such as 2h")
        }
    }

    func timestamp(now: Date) -> Timestamp {
        switch self {
        case .time(let time): time
        case .before(let duration): Timestamp(now - TimeInterval(duration / .seconds(1)))
        }
    }
}

extension Parsing {
    static func object(_ text: String) throws(InvalidValue) -> AuditFilter.Object {
        guard let object = AuditFilter.Object(text) else {
            throw InvalidValue(text, expected: "NAMESPACE/NAME or KIND/NAMESPACE/NAME")
        }
        return object
    }

    static func hostNames(_ text: String) throws(InvalidValue) -> HostNames {
        HostNames(text == "*" ? text : "\(try Host(text))")
    }
}
