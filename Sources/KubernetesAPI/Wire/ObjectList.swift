/// One page of a list: `IngressList`, `ServiceList`, `IngressClassList`.
package struct ObjectList<Object: KubernetesObject & Decodable>: Decodable {
    /// The version of the list, which is unrelated to the versions of its items.
    package let resourceVersion: String
    /// The `continue` token of the next page; nil on the last page.
    package let next: String?
    package let items: [DecodedObject<Object>]

    private enum CodingKeys: String, CodingKey {
        case metadata, items
    }

    /// meta/v1 ListMeta.
    private struct Metadata: Decodable {
        let resourceVersion: String?
        let `continue`: String?
    }

    package init(resourceVersion: String, next: String?, items: [DecodedObject<Object>]) {
        self.resourceVersion = resourceVersion
        self.next = next
        self.items = items
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let metadata = try fields.decode(Metadata.self, forKey: .metadata)
        resourceVersion = metadata.resourceVersion ?? ""
        next = metadata.continue.flatMap { $0.isEmpty ? nil : $0 }
        // Go writes an empty list as null.
        items = try fields.decodeIfPresent([DecodedObject<Object>].self, forKey: .items) ?? []
    }
}
