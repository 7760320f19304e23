internal import Kubernetes
internal import KubernetesAPI
internal import Routing

/// The `reason` of an Event, in the order in which the Events of one Ingress are sent.
///
/// This is the only list of reasons: Events, `/status`, the metric of rejections and the README use it.
enum EventReason: String, Sendable, CaseIterable {
    case synced = "Synced"
    case quarantined = "Quarantined"
    case hostClosed = "HostClosed"
    case hostTakenOver = "HostTakenOver"
    case hostNotAllowed = "HostNotAllowed"
    case ingressClassMissing = "IngressClassMissing"
    case hostConflict = "HostConflict"
    case invalidRule = "InvalidRule"
    case serviceNotFound = "ServiceNotFound"
    case quotaExceeded = "QuotaExceeded"
    case certificateMissing = "CertificateMissing"
    case certificateInvalid = "CertificateInvalid"
    case certificateChainIncomplete = "CertificateChainIncomplete"
    case certificateUnavailable = "CertificateUnavailable"

    private struct Description {
        var severity = Event.Severity.warning
        var delay = Duration.zero
        var isRejection = false
        var documentation: String
    }

    var severity: Event.Severity { description.severity }

    /// The time that a condition has to last before its Event is sent.
    var delay: Duration { description.delay }

    /// True for the reasons of a `Rejection`.
    var isRejection: Bool { description.isRejection }

    /// The row of the README's table, in Markdown.
    var documentation: String { description.documentation }

    private var description: Description {
        switch self {
        case .synced:
            Description(severity: .normal, documentation: "the hosts that the Ingress serves")
        case .quarantined:
            Description(
                documentation:
                    "nginx rejects the configuration of the Ingress, with nginx's message; its hosts are served "
                    + "in their last good state")
        case .hostClosed:
            Description(
                isRejection: true,
                documentation:
                    "an annotation of another controller, which the message names, protects the hosts; they answer "
                    + "503 until it is removed")
        case .hostTakenOver:
            Description(
                documentation:
                    "a host, or requests that a wildcard served, moved from one Ingress to another; on both of them")
        case .hostNotAllowed:
            Description(
                isRejection: true, documentation: "the host policy does not allow the namespace to claim the host")
        case .ingressClassMissing:
            // A class that is replaced is missing for a moment.
            Description(
                delay: .seconds(2),
                documentation:
                    "the IngressClass was deleted or names another controller; the hosts are served until "
                    + "`--disappearance-grace` is over")
        case .hostConflict:
            Description(isRejection: true, documentation: "an older Ingress, which the message names, owns the host")
        case .invalidRule:
            Description(
                isRejection: true,
                documentation: "a field, label or annotation is invalid; the message says what is expected")
        case .serviceNotFound:
            Description(isRejection: true, documentation: "the Service or its port does not exist")
        case .quotaExceeded:
            Description(
                isRejection: true,
                documentation:
                    "the Ingress, or the pods of its Services, exceed a budget, which the message names with "
                    + "its flag; the hosts answer 503 and still belong to the Ingress")
        case .certificateMissing:
            Description(
                documentation: "no certificate was found; the paths that were read, and whether an older one is still "
                    + "served")
        case .certificateInvalid:
            Description(
                documentation: "the certificate cannot be used; the reason, and whether an older one is still served")
        case .certificateChainIncomplete:
            Description(
                documentation:
                    "the certificate is served, but without the one of its issuer, or without certificates that "
                    + "do not belong to its chain; some clients may reject it")
        case .certificateUnavailable:
            // Most outages of Vault are shorter and need no action by the owner.
            Description(
                delay: .seconds(60),
                documentation: "there is no certificate yet, and Vault (or the API server, for a Secret) has not "
                    + "returned one for a minute")
        }
    }
}

extension EventReason: Comparable {
    static func < (left: EventReason, right: EventReason) -> Bool { left.order < right.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Rejection.Reason {
    var eventReason: EventReason {
        switch self {
        case .hostConflict: .hostConflict
        case .invalidRule: .invalidRule
        case .serviceNotFound: .serviceNotFound
        case .hostClosed: .hostClosed
        case .hostNotAllowed: .hostNotAllowed
        case .quotaExceeded: .quotaExceeded
        }
    }

    /// The name in Events, in `/status` and in the log.
    var name: String { eventReason.rawValue }
}
