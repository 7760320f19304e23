public import Foundation
public import KubernetesAPI

extension KubernetesClient {
    /// Writes a new Event.
    ///
    /// - Throws: 409 if it exists.
    public func create(_ event: Event) async throws(KubernetesError) {
        let _: EventOccurrence = try await write("POST", Self.collection(event.key.namespace), NewEvent(event))
    }

    /// Reads the occurrences of an Event; nil if it does not exist. The server deletes Events after an hour by default.
    public func occurrence(of event: ObjectKey) async throws(KubernetesError) -> EventOccurrence? {
        do throws(KubernetesError) {
            // The response to an empty patch is the object, and needs no permission to read Events.
            return try await write("PATCH", Self.path(event), [String: String]())
        } catch {
            guard error.status?.code == 404 else { throw error }
            return nil
        }
    }

    /// Counts another occurrence of an Event.
    ///
    /// - Throws: 409 if another replica has counted in between.
    public func countUp(_ event: ObjectKey, after last: EventOccurrence, time: Date) async throws(KubernetesError) {
        let change = Recurrence(
            metadata: .init(resourceVersion: last.resourceVersion), count: last.count + 1,
            lastTimestamp: time.inWholeSeconds)
        let _: EventOccurrence = try await write("PATCH", Self.path(event), change)
    }

    private static func collection(_ namespace: String) -> String { "/api/v1/namespaces/\(namespace)/events" }
    private static func path(_ key: ObjectKey) -> String { "\(collection(key.namespace))/\(key.name)" }
}

extension EventOccurrence: Decodable {
    private enum CodingKeys: String, CodingKey {
        case count, lastTimestamp, metadata
    }

    private struct Metadata: Decodable {
        let resourceVersion: String
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            count: try fields.decodeIfPresent(Int.self, forKey: .count) ?? 1,
            last: try fields.decodeIfPresent(RFC3339.self, forKey: .lastTimestamp)?.date ?? .distantPast,
            resourceVersion: try fields.decode(Metadata.self, forKey: .metadata).resourceVersion)
    }
}

private struct Recurrence: Encodable {
    struct Metadata: Encodable {
        var resourceVersion: String
    }

    var metadata: Metadata
    var count: Int
    var lastTimestamp: String
}

private struct NewEvent: Encodable {
    struct Metadata: Encodable {
        var name: String
        var namespace: String
    }

    struct Reference: Encodable {
        var apiVersion: String
        var kind: String
        var namespace: String
        var name: String
        var uid: String
    }

    struct Source: Encodable {
        var component: String
        var host: String
    }

    var apiVersion = "v1"
    var kind = "Event"
    var metadata: Metadata
    var involvedObject: Reference
    var reason: String
    var message: String
    var type: Event.Severity
    var count = 1
    var firstTimestamp: String
    var lastTimestamp: String
    var source: Source

    init(_ event: Event) {
        let regarding = event.regarding
        metadata = Metadata(name: event.key.name, namespace: event.key.namespace)
        involvedObject = Reference(
            apiVersion: regarding.apiVersion, kind: regarding.kind.rawValue, namespace: regarding.key.namespace,
            name: regarding.key.name, uid: regarding.uid)
        reason = event.reason
        message = event.message
        type = event.severity
        firstTimestamp = event.time.inWholeSeconds
        lastTimestamp = event.time.inWholeSeconds
        source = Source(component: FieldManager.program, host: event.host)
    }
}

extension Date {
    /// meta/v1 Time: RFC 3339 in UTC, without a fraction.
    fileprivate var inWholeSeconds: String {
        Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)).formatted(.iso8601)
    }
}
