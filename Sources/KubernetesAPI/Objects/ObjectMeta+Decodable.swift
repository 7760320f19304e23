internal import Foundation

extension ObjectMeta: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, namespace, uid, resourceVersion, creationTimestamp, labels, annotations, managedFields
    }

    /// `name` is required. Other absent fields are empty; an absent `creationTimestamp` becomes 1970.
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

    /// The newest entry; the last one of those with equal times. An entry without a time is the oldest.
    private static func lastWriter(_ entries: [ManagedFieldsEntry]) -> LastWriter? {
        entries
            .filter { $0.subresource != "status" && !FieldManager.isProgram($0.manager) }
            // `max` returns the first of equal elements.
            .reversed()
            .max { ($0.time?.date ?? .distantPast) < ($1.time?.date ?? .distantPast) }
            .map { LastWriter(manager: $0.manager, time: $0.time?.date) }
    }
}

/// meta/v1 ManagedFieldsEntry without `fieldsV1`, which is large.
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
