internal import Foundation

extension ObjectMeta: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, namespace, uid, resourceVersion, creationTimestamp, labels, annotations, managedFields
    }

    /// `name` is required; what else is absent stays empty, and a `creationTimestamp` of 1970 means none was given.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            namespace: try fields.decodeIfPresent(String.self, forKey: .namespace) ?? "",
            uid: try fields.decodeIfPresent(String.self, forKey: .uid) ?? "",
            resourceVersion: try fields.decodeIfPresent(String.self, forKey: .resourceVersion) ?? "",
            creationTimestamp: try fields.decodeIfPresent(RFC3339.self, forKey: .creationTimestamp)?.date
                ?? Date(timeIntervalSince1970: 0),
            labels: try fields.decodeIfPresent([String: String].self, forKey: .labels) ?? [:],
            annotations: try fields.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:],
            lastWriter: ObjectMeta.lastWriter(
                try fields.decodeIfPresent([ManagedFieldsEntry].self, forKey: .managedFields) ?? []))
    }

    /// Of entries with equal times the later in the list; one without a time is older than all others.
    private static func lastWriter(_ entries: [ManagedFieldsEntry]) -> LastWriter? {
        entries
            .filter { $0.subresource != "status" && !FieldManager.isProgram($0.manager) }
            // Of equal ones `max` takes the first.
            .reversed()
            .max { ($0.time?.date ?? .distantPast) < ($1.time?.date ?? .distantPast) }
            .map { LastWriter(manager: $0.manager, time: $0.time?.date) }
    }
}

/// meta/v1 ManagedFieldsEntry, without the bulk (`fieldsV1`).
private struct ManagedFieldsEntry: Decodable {
    let manager: String
    let subresource: String?
    let time: RFC3339?

    private enum CodingKeys: String, CodingKey {
        case manager, subresource, time
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        manager = try fields.decodeIfPresent(String.self, forKey: .manager) ?? ""
        subresource = try fields.decodeIfPresent(String.self, forKey: .subresource)
        time = try fields.decodeIfPresent(RFC3339.self, forKey: .time)
    }
}
