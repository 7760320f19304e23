/// A place in the log.
struct Moment: Sendable, Equatable {
    var time: Timestamp
    var generation: Int?
}

/// What the log says, up to some line, of one name that nginx may serve.
struct NameHistory: Sendable {
    enum Standing: Sendable, Equatable {
        case unknown
        case absent
        /// By an Ingress, `namespace/name`.
        case served(owner: String)
    }

    /// A change, and what is known of its cause.
    struct Change: Sendable {
        var moment: Moment
        /// The one that is about this host; else all that the reload had.
        var causes: [AuditRecord.CauseEntry] = []
        var isCauseCertain = false
    }

    var standing = Standing.unknown
    /// The change that led to `standing`; nil when the log does not reach back to it.
    var since: Change?
    /// The first line that told of `standing`.
    var knownAt: Moment?
    /// Who had it before.
    var before: String?
    /// The last change of where its requests go, the owner being the same.
    var routesChanged: Change?
    /// Nil when they are not known.
    var claimants: [String]?
    /// How many more there are.
    var moreClaimants = 0
    var claimantsChanged: Moment?
    var certificate: AuditRecord.CertificateEntry?
    /// Whether it is known that there is this certificate, or none.
    var isCertificateKnown = false
    var certificateSince: Change?
    /// Since when the certificate is not as it should be, and why.
    var trouble: (time: Timestamp, report: AuditRecord.Certificate)?
    /// Lines are missing that may have told of this name, from here on.
    var uncertainSince: Moment?

    var owner: String? {
        if case .served(let owner) = standing { owner } else { nil }
    }

    /// - Parameter change: nil when the line only repeats what is so.
    mutating func become(_ owner: String?, at moment: Moment, _ change: Change?) {
        let next = owner.map { Standing.served(owner: $0) } ?? .absent
        uncertainSince = nil
        guard next != standing else { return }
        before = self.owner
        standing = next
        since = change
        knownAt = moment
        routesChanged = nil
        guard owner == nil || before == nil else { return }
        (claimants, moreClaimants, claimantsChanged) = (nil, 0, nil)
        (certificate, isCertificateKnown, certificateSince) = (nil, false, nil)
        // What is wrong with the certificate of a new host may be known before the host is served.
        if owner == nil { trouble = nil }
    }

    mutating func have(_ new: AuditRecord.CertificateEntry?, _ change: Change?) {
        isCertificateKnown = true
        guard new != certificate else { return }
        if new?.sha256 != certificate?.sha256 { certificateSince = change }
        certificate = new
    }

    /// - Parameter count: of all of them; nil where `others` has all.
    mutating func beClaimed(by others: [String]?, count: Int?, at moment: Moment) {
        let more = (count ?? 0) - (others?.count ?? 0)
        guard others != claimants || max(more, 0) != moreClaimants else { return }
        moreClaimants = max(more, 0)
        if claimants != nil || others?.isEmpty == false { claimantsChanged = moment }
        claimants = others
    }
}
