internal import Foundation
internal import Kubernetes

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
        let causes: [Cause]
        let causeCount: Int
        let hosts: Hosts
        let milliseconds: [String: Double]
        let hostCount: Int
        let error: String?

        init(_ record: AuditRecord) {
            time = record.time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            pod = record.pod
            generation = record.generation
            result = record.result.name
            causes = record.causes.prefix(AuditRecord.longestList).map(Cause.init)
            causeCount = record.causes.count
            hosts = Hosts(record.hosts)
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
            try container.encode(milliseconds, forKey: .milliseconds)
            try container.encode(hostCount, forKey: .hostCount)
            // Written as null, not left out, so that every line has the same keys.
            try container.encode(error, forKey: .error)
        }

        enum Key: String, CodingKey {
            case event, time, pod, generation, result, causes, causeCount, hosts, milliseconds, hostCount, error
        }
    }

    private struct Cause: Encodable {
        let kind: String
        let namespace: String
        let name: String
        let change: String
        let resourceVersion: String
        let manager: String?

        init(_ change: Change) {
            kind = change.kind.rawValue
            namespace = change.key.namespace
            name = change.key.name
            self.change = change.verb.rawValue
            resourceVersion = change.resourceVersion
            manager = change.lastWriter?.manager
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
