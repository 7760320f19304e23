internal import Foundation

/// One page of a list: `IngressList`, `ServiceList`, `IngressClassList`.
package struct ObjectList<Object: KubernetesObject & Decodable> {
    /// The version of the list, which is unrelated to the versions of its items.
    package let resourceVersion: String
    /// The `continue` token of the next page; nil on the last page.
    package let next: String?
    package let items: [DecodedObject<Object>]

    package init(resourceVersion: String, next: String?, items: [DecodedObject<Object>]) {
        self.resourceVersion = resourceVersion
        self.next = next
        self.items = items
    }
}

/// Decodes a list while it arrives, one item at a time: memory holds what is read of the items, not the response.
package struct ObjectListReader<Object: KubernetesObject & Decodable> {
    private var scanner: ObjectScanner
    private var items: [DecodedObject<Object>] = []

    private struct Envelope: Decodable {
        let metadata: Metadata

        /// meta/v1 ListMeta.
        struct Metadata: Decodable {
            let resourceVersion: String?
            let `continue`: String?
        }
    }

    package init(filter: MetadataFilter) {
        scanner = ObjectScanner(.list, filter: filter)
    }

    package mutating func read(_ bytes: [UInt8]) throws(ScanError) {
        items += try scanner.read(bytes).map(DecodedObject.init)
    }

    /// - Throws: `ScanError` if the response is not complete, `DecodingError` if it is not a list.
    package mutating func finish() throws -> ObjectList<Object> {
        _ = try scanner.finish()
        let metadata = try JSONDecoder().decode(Envelope.self, from: Data(scanner.envelope)).metadata
        return ObjectList(
            resourceVersion: metadata.resourceVersion ?? "",
            next: metadata.continue.flatMap { $0.isEmpty ? nil : $0 }, items: items)
    }
}
