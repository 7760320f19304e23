internal import Foundation
internal import Kubernetes
internal import NginxConfig

extension AuditRecord {
    /// One JSON object without a line break; the same record gives the same bytes.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Line(self)), as: UTF8.self)
    }

    private struct Line: Encodable {
        let event = "reload"
        let time: String
        let pod: String
        let generation: Int?
        let result: String
        let causes: [CauseEntry]
        let causeCount: Int
        let hosts: Hosts
        let certificates: [CertificateEntry]
        let certificateCount: Int
        let milliseconds: [String: Double]
        let hostCount: Int
        let error: String?

        init(_ record: AuditRecord) {
            time = record.time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            pod = record.pod
            generation = record.generation
            result = record.result.name
            causes = record.causes.prefix(AuditRecord.longestList).map(CauseEntry.init)
            causeCount = record.causes.count
            hosts = Hosts(record.hosts)
            let served = record.certificates.filter { $0.verb != .deleted }
            certificates = served.prefix(AuditRecord.longestList).map(CertificateEntry.init)
            certificateCount = served.count
            milliseconds = [
                "route": record.times.route.milliseconds, "render": record.times.render.milliseconds,
                "test": record.times.test.milliseconds, "reload": record.times.reload.milliseconds,
                "total": record.times.total.milliseconds,
            ]
            hostCount = record.hostCount
            error = record.result.error
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(event, forKey: .event)
            try container.encode(time, forKey: .time)
            try container.encode(pod, forKey: .pod)
            try container.encode(generation, forKey: .generation)
            try container.encode(result, forKey: .result)
            try container.encode(causes, forKey: .causes)
            try container.encode(causeCount, forKey: .causeCount)
            try container.encode(hosts, forKey: .hosts)
            try container.encode(certificates, forKey: .certificates)
            try container.encode(certificateCount, forKey: .certificateCount)
            try container.encode(milliseconds, forKey: .milliseconds)
            try container.encode(hostCount, forKey: .hostCount)
            // Written as null, not left out, so that every line has the same keys.
            try container.encode(error, forKey: .error)
        }

        enum Key: String, CodingKey {
            case event, time, pod, generation, result, causes, causeCount, hosts, certificates, certificateCount,
                milliseconds, hostCount, error
        }
    }

    private struct CauseEntry: Encodable {
        let kind: String
        let namespace: String
        let name: String
        let change: String
        let resourceVersion: String
        let manager: String?

        init(_ cause: Cause) {
            kind = cause.kind
            namespace = cause.namespace
            name = cause.name
            change = cause.change.rawValue
            resourceVersion = cause.resourceVersion
            manager = cause.manager
        }
    }

    /// Certificates that are served from now on; one that is gone shows among the causes.
    private struct CertificateEntry: Encodable {
        let host: String
        let sha256: String
        let notAfter: String
        let source: String
        let version: Int?

        init(_ change: CertificateChange) {
            host = change.host
            sha256 = change.certificate.address.text
            notAfter = change.certificate.expiry
            source = change.certificate.source
            version = change.certificate.version
        }
    }

    private struct Hosts: Encodable {
        let added: [String]
        let removed: [String]
        let changed: [String]
        let addedCount: Int
        let removedCount: Int
        let changedCount: Int

        init(_ changes: HostChanges) {
            added = Array(changes.added.prefix(AuditRecord.longestList))
            removed = Array(changes.removed.prefix(AuditRecord.longestList))
            changed = Array(changes.changed.prefix(AuditRecord.longestList))
            addedCount = changes.added.count
            removedCount = changes.removed.count
            changedCount = changes.changed.count
        }
    }
}

extension Duration {
    /// Rounded to a tenth.
    var milliseconds: Double {
        (self / .milliseconds(1) * 10).rounded() / 10
    }
}
