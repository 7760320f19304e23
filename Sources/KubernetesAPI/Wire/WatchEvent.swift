/// meta/v1 WatchEvent: one line of a watch.
package enum WatchEvent<Object: KubernetesObject & Decodable> {
    /// `ADDED` or `MODIFIED`, which cannot be distinguished reliably after a watch has been resumed.
    case upsert(Object)
    /// The last metadata of the object. The rest is not decoded, so that a deletion always succeeds.
    case delete(ObjectMeta)
    /// Contains only a version.
    case bookmark(resourceVersion: String)
    /// An error within a stream whose HTTP status is 200.
    case error(Status)
    case undecodable(DecodedObject<Object>.Undecodable)
    /// An unknown event type.
    case unknown(type: String)
}

extension WatchEvent: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type, object
    }

    private struct Deleted: Decodable {
        let metadata: ObjectMeta
    }

    private struct Bookmark: Decodable {
        let metadata: Metadata

        struct Metadata: Decodable {
            let resourceVersion: String
        }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let type = try fields.decode(String.self, forKey: .type)
        switch type {
        case "ADDED", "MODIFIED":
            switch try fields.decode(DecodedObject<Object>.self, forKey: .object) {
            case .object(let object): self = .upsert(object)
            case .undecodable(let undecodable): self = .undecodable(undecodable)
            }
        case "DELETED":
            self = .delete(try fields.decode(Deleted.self, forKey: .object).metadata)
        case "BOOKMARK":
            let bookmark = try fields.decode(Bookmark.self, forKey: .object)
            self = .bookmark(resourceVersion: bookmark.metadata.resourceVersion)
        case "ERROR":
            self = .error(try fields.decode(Status.self, forKey: .object))
        default:
            self = .unknown(type: type)
        }
    }
}
