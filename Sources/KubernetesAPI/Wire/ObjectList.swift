/// One page of a list: `IngressList`, `ServiceList`, `IngressClassList`.
package struct ObjectList<Object: KubernetesObject & Decodable>: Decodable {
    /// Of the list itself; an item's version says nothing about the list's.
    package let resourceVersion: String
    /// Where the next page begins; nil on the last one.
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
