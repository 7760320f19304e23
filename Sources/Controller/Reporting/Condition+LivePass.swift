internal import Basics
internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// The conditions of the Ingresses of one pass.
///
/// A message says what is wrong, where, and what to do. It contains nothing that changes while the condition lasts: an
/// Event is sent once for each message.
extension Condition {
    static func list(of pass: LivePass) -> Set<Condition> {
        let ingresses = Dictionary(pass.routed.ingresses.map { ($0.ref, $0.metadata) }) { first, _ in first }
        var conditions: Set<Condition> = []
        for (owner, hosts) in Dictionary(grouping: pass.routed.table.hosts, by: \.owner) {
            guard let uid = ingresses[owner]?.uid else { continue }
            if let error = pass.quarantined[owner] {
                conditions.insert(
                    Condition(
                        owner, uid: uid, .quarantined,
                        "nginx rejects the configuration of this Ingress: \(error); correct the Ingress"))
            } else {
                // A closed host has its own condition.
                let open = hosts.filter { $0.settings.closedBy == nil }.map(\.host).sorted()
                guard !open.isEmpty else { continue }
                conditions.insert(Condition(owner, uid: uid, .synced, serving(open)))
            }
        }
        for rejection in pass.routed.rejections {
            guard let uid = ingresses[rejection.source]?.uid else { continue }
            conditions.insert(Condition(uid: uid, rejection, ingresses))
        }
        let lostClasses = Set(pass.disappearances.filter { $0.kind == .ingressClass }.compactMap(\.name))
        for ingress in pass.routed.ingresses {
            guard let name = ingress.spec.ingressClassName, lostClasses.contains(name) else { continue }
            conditions.insert(
                Condition(
                    ingress.ref, uid: ingress.metadata.uid, .ingressClassMissing,
                    "IngressClass \(name) was deleted or names another controller; the hosts are served for a limited "
                        + "time (--disappearance-grace): restore the class, or change ingressClassName"))
        }
        for report in pass.certificates {
            guard let owner = report.owner, let uid = ingresses[owner]?.uid, case .host(let host) = report.subject
            else {
                continue
            }
            if let condition = Condition(owner, uid: uid, host: host, report) { conditions.insert(condition) }
            conditions.formUnion(remarks(owner, uid: uid, host: host, report))
        }
        return conditions.union(takeovers(pass.takeovers, ingresses))
    }

    private init(uid: String, _ rejection: Rejection, _ ingresses: [OwnerRef: ObjectMeta]) {
        let message =
            switch rejection.reason {
            case .hostConflict(let owner):
                "\(name(rejection.value)) is already owned by \(owner.qualified)"
                    + (ingresses[owner].map { " (created \($0.creationDate))" } ?? "")
                    + "; remove it from one of the two"
            case .hostClosed:
                "hosts closed: \(rejection.detail)"
            case .hostNotAllowed:
                "\(name(rejection.value)) \(rejection.explanation)"
            case .invalidRule:
                "rejected \(rejection.detail)"
            case .serviceNotFound:
                "\(rejection.detailOfService); create it or correct the Ingress"
            case .quotaExceeded(let excess):
                excess.eventMessage(rejection)
            }
        self.init(rejection.source, uid: uid, rejection.reason.eventReason, message)
    }

    /// Nil if the owner cannot do anything about it.
    private init?(_ owner: OwnerRef, uid: String, host: Routing.Host, _ report: CertificateReport) {
        guard let problem = report.state.problem else { return nil }
        var served: ServedCertificate?
        if case .stale = report.state { served = report.certificate }
        let place = name(host.name)
        switch problem.kind {
        case .missing:
            let remedy =
                served.map { "\(stillServed($0)); provide a new one before then" }
                ?? "TLS handshakes are rejected until there is one"
            self.init(owner, uid: uid, .certificateMissing, "\(place): \(problem.text); \(remedy)")
        case .invalid where problem.isOfSecretInUse && served != nil:
            self.init(
                owner, uid: uid, .certificateInvalid,
                "\(place): \(problem.text); it is still served, because there is no other one; replace it")
        case .invalid:
            let remedy =
                served.map { "\(stillServed($0)); replace the invalid one before then" }
                ?? "TLS handshakes are rejected until you replace the certificate"
            self.init(owner, uid: uid, .certificateInvalid, "\(place): \(problem.text); \(remedy)")
        case .unavailable:
            // A certificate that is served stays in use, and the outage concerns the operator of the cluster.
            guard case .pending = report.state, report.certificate == nil else { return nil }
            // Without the problem's text, which may differ after each attempt and would cause a new Event.
            let (service, item) =
                report.request.secret.map { ("the API server", "Secret \($0)") } ?? ("Vault", "its certificate")
            self.init(
                owner, uid: uid, .certificateUnavailable,
                "\(place): \(service) is unavailable or denies access to \(item); TLS handshakes are rejected until it is read; "
                    + "if this persists, contact the operator of the cluster")
        }
    }

    /// What is wrong with a certificate that is served. While its source has another one that cannot be used, only that
    /// matters.
    private static func remarks(
        _ owner: OwnerRef, uid: String, host: Routing.Host, _ report: CertificateReport
    ) -> [Condition] {
        guard let served = report.certificate, report.state.problem.map({ $0.kind == .unavailable }) ?? true else {
            return []
        }
        func condition(_ kind: CertificateRemark.Kind, _ reason: EventReason, _ ending: String) -> Condition? {
            let texts = served.remarks.filter { $0.kind == kind }.map(\.text)
            guard !texts.isEmpty else { return nil }
            let more = texts.count > 3 ? "; and \(texts.count - 3) more, see /status" : ""
            return Condition(
                owner, uid: uid, reason,
                "\(name(host.name)): \(served.source.place): \(texts.prefix(3).joined(separator: "; "))\(more)\(ending)"
            )
        }
        return [
            condition(.chain, .certificateChainIncomplete, ""),
            condition(.unused, .certificateInvalid, "; the rest of the secret is served"),
        ].compactMap { $0 }
    }

    /// Lists the hosts, as many as fit in the message.
    private static func serving(_ hosts: [Routing.Host]) -> String {
        var text = "serving \(hosts.first.map { shortName($0.name) } ?? "nothing")"
        for (index, host) in hosts.enumerated().dropFirst() {
            guard text.utf8.count < 700 else { return text + " and \(hosts.count - index) more" }
            text += ", \(shortName(host.name))"
        }
        return text
    }
}

extension QuotaExcess {
    /// Without what the budget is used for, which other Ingresses change.
    fileprivate func eventMessage(_ rejection: Rejection) -> String {
        guard budget != .pods else {
            return "the pods of Service \(rejection.value) exceed the budget of \(budgetText); the Service is served "
                + "without affinity; use fewer pods, or ask the operator of the cluster for a larger budget"
        }
        return "no host of this Ingress is served: its \(budget.text(found)) exceed what older Ingresses leave of the "
            + "budget of \(budgetText); its hosts still belong to it and answer 503; make the Ingresses of the namespace "
            + "smaller, or ask the operator of the cluster for a larger budget"
    }
}

extension Rejection {
    /// The detail without the path to the backend, so that all paths to one Service have one condition.
    fileprivate var detailOfService: String {
        var rejection = self
        if let path = field.firstRange(of: "].backend.") { rejection.field = String(field[path.upperBound...]) }
        return rejection.detail
    }
}

extension ObjectMeta {
    /// The day in UTC: `2026-01-03`.
    var creationDate: String {
        creationTimestamp.formatted(Date.ISO8601FormatStyle().year().month().day())
    }
}

/// - Parameter host: as in the Ingress; empty for the catch-all.
private func name(_ host: String) -> String { host.isEmpty ? shortName(host) : "host \(host)" }

private func shortName(_ host: String) -> String { host.isEmpty ? "the catch-all host" : host }

private func stillServed(_ certificate: ServedCertificate) -> String {
    "the last good one, valid until \(certificate.expiry), is still served"
}
