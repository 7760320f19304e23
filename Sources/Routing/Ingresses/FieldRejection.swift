/// A rejection without its source: one field of an Ingress that is not honoured.
struct FieldRejection: Error, Equatable {
    var field: String
    var value: String
    var reason = Rejection.Reason.invalidRule
    var explanation: String
}
