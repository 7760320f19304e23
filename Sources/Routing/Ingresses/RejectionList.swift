/// A rejection without its source: one rejected field of an Ingress.
struct FieldRejection: Error, Equatable {
    var field: String
    var value: String
    var reason = Rejection.Reason.invalidRule
    var explanation: String
}

/// The rejections of one Ingress in the order in which they were found, each once, at most a hundred.
struct RejectionList {
    /// Claims that are rejected do not count: there is at most one for each host.
    private static let maximum = 100

    private let source: OwnerRef
    private var listed: [Rejection] = []
    private var count = 0

    init(source: OwnerRef, _ rejections: [FieldRejection] = []) {
        self.source = source
        append(contentsOf: rejections)
    }

    mutating func append(_ rejection: FieldRejection) {
        let rejection = Rejection(
            source: source, field: rejection.field, value: rejection.value, reason: rejection.reason,
            explanation: rejection.explanation)
        switch rejection.reason {
        case .hostConflict, .hostNotAllowed: return listed.append(rejection)
        case .invalidRule, .serviceNotFound, .hostClosed, .quotaExceeded: break
        }
        let short = rejection.short
        guard !listed.contains(short) else { return }
        count += 1
        if count <= Self.maximum { listed.append(short) }
    }

    mutating func append(contentsOf rejections: [FieldRejection]) {
        for rejection in rejections { append(rejection) }
    }

    /// The listed rejections, and one that counts the others.
    var all: [Rejection] {
        guard count > Self.maximum else { return listed }
        return listed + [
            Rejection(
                source: source, field: "spec", value: "", reason: .invalidRule,
                explanation:
                    "\(count - Self.maximum) more rejections; they are listed when the first \(Self.maximum) are corrected"
            )
        ]
    }
}
