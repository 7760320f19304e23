internal import Audit
internal import Foundation
internal import Routing

extension Parsing {
    /// - Parameter now: what a duration counts back from.
    static func moment(now: Date) -> (String) throws(InvalidValue) -> Timestamp {
        { text throws(InvalidValue) in
            if let time = Timestamp(text) { return time }
            guard let duration = try? Duration(text: text) else {
                throw InvalidValue(text, expected: "a time such as 2026-01-31T03:12:45Z, or a duration such as 2h")
            }
            return Timestamp(now - TimeInterval(duration / .seconds(1)))
        }
    }

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
