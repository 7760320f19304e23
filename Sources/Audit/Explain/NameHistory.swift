/// A point in the log.
struct Moment: Sendable, Equatable {
    var time: Timestamp
    var generation: Int?
}

/// The history of a server name up to a line of the log.
struct NameHistory: Sendable {
    enum Standing: Sendable, Equatable {
        case unknown
        case absent
        /// The owner is an Ingress, `namespace/name`.
        case served(owner: String)
    }

    /// A change and its causes.
    struct Change: Sendable {
        var moment: Moment
        /// The cause that concerns this host; if it is unknown, all causes of the reload.
        var causes: [AuditRecord.CauseEntry] = []
        var isCauseCertain = false
    }

    var standing = Standing.unknown
    /// The change that led to `standing`; nil if it is older than the log.
    var since: Change?
    /// The first line with `standing`.
    var knownAt: Moment?
    /// The owner before `since`.
    var before: String?
    /// The last change of the routes by the current owner.
    var routesChanged: Change?
    /// The other Ingresses that claim the name; nil if they are unknown.
    var claimants: [String]?
    /// The number of claimants that are not in `claimants`.
    var moreClaimants = 0
    var claimantsChanged: Moment?
    var certificate: AuditRecord.CertificateEntry?
    /// False if it is unknown whether the name has a certificate.
    var isCertificateKnown = false
    var certificateSince: Change?
    /// The problem of the certificate, and its start.
    var trouble: (time: Timestamp, report: AuditRecord.Certificate)?
    /// From here on, lines that may concern this name are missing.
    var uncertainSince: Moment?

    var owner: String? {
        if case .served(let owner) = standing { owner } else { nil }
    }

    /// - Parameter change: nil if the line only repeats the state.
    mutating func setOwner(_ owner: String?, at moment: Moment, _ change: Change?) {
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
        // The log may contain the certificate problem of a new host before the host.
        if owner == nil { trouble = nil }
    }

    mutating func setCertificate(_ new: AuditRecord.CertificateEntry?, _ change: Change?) {
        isCertificateKnown = true
        guard new != certificate else { return }
        if new?.sha256 != certificate?.sha256 { certificateSince = change }
        certificate = new
    }

    /// - Parameter count: the number of all claimants; nil if `others` is complete.
    mutating func setClaimants(_ others: [String]?, count: Int?, at moment: Moment) {
        let more = (count ?? 0) - (others?.count ?? 0)
        guard others != claimants || max(more, 0) != moreClaimants else { return }
        moreClaimants = max(more, 0)
        if claimants != nil || others?.isEmpty == false { claimantsChanged = moment }
        claimants = others
    }
}
