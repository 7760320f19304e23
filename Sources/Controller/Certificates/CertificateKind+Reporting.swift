public import Audit
internal import Basics
internal import Foundation
internal import NginxConfig

extension CertificateKind {
    public static func auditRecord(of report: CertificateReport) -> AuditRecord {
        let host =
            switch report.subject {
            case .host(let host): "\(host)"
            case .unknownNames: "-"
            }
        return .certificate(
            AuditRecord.Certificate(
                host: host, ingress: report.owner.map { "\($0)" }, state: report.state.name,
                problem: report.state.problem.map { "Certificate\($0.kind.rawValue)" },
                reason: report.state.problem?.text,
                certificate: report.certificate.map { AuditRecord.CertificateEntry(host: host, $0) }))
    }

    public static func statusEntry(of report: CertificateReport) -> any Encodable { StatusEntry(report) }

    private struct StatusEntry: Encodable {
        var host: String
        var ingress: String?
        var state: String
        var reason: String?
        var since: String?
        var source: CertificateSource?
        var version: Int?
        var notAfter: String?
        var sha256: ContentAddress?
        /// Of the certificates for other algorithms.
        var additional: [ContentAddress]?
        var notes: [String]?
        var warnings: [String]?

        init(_ report: CertificateReport) {
            host = "\(report.subject)"
            ingress = report.owner.map { "\($0)" }
            state = report.state.name
            reason = report.state.problem?.text
            since = report.state.staleSince
            source = report.certificate?.source
            version = report.certificate?.version?.number
            notAfter = report.certificate?.expiry
            sha256 = report.certificate?.address
            let remarks = report.certificate?.remarks ?? []
            let texts = (
                notes: remarks.filter { $0.kind == .note }.map(\.text),
                warnings: remarks.filter { $0.kind != .note }.map(\.text)
            )
            additional = report.certificate.flatMap { $0.additional.isEmpty ? nil : $0.additional }
            notes = texts.notes.isEmpty ? nil : texts.notes
            warnings = texts.warnings.isEmpty ? nil : texts.warnings
        }
    }
}

extension ServedCertificate {
    /// The end of its validity as RFC 3339, in UTC.
    var expiry: String {
        Date(timeIntervalSince1970: Double(notAfter)).formatted(.iso8601)
    }
}
