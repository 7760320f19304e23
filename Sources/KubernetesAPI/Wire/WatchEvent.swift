internal import Foundation

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

extension WatchEvent {
    private struct Envelope: Decodable {
        let type: String
    }

    private struct Deleted: Decodable {
        let metadata: ObjectMeta
    }

    /// Decodes one line of a watch.
    ///
    /// - Throws: `ScanError` or `DecodingError` if the line is not an event, or has no object. An object that cannot be
    ///   decoded is no error.
    package init(line: [UInt8], filter: MetadataFilter) throws {
        var scanner = ObjectScanner(.watchEvent, filter: filter)
        let objects = try scanner.read(line)
        _ = try scanner.finish()
        let type = try JSONDecoder().decode(Envelope.self, from: Data(scanner.envelope)).type
        guard let object = objects.first else {
            throw ScanError(offset: line.count, expected: "a field \"object\", found none")
        }
        switch type {
        case "ADDED", "MODIFIED":
            switch DecodedObject<Object>(object) {
            case .object(let object): self = .upsert(object)
            case .undecodable(let undecodable): self = .undecodable(undecodable)
            }
        case "DELETED":
            // Without the last writer if even the metadata cannot be decoded.
            self = .delete((try? object.decode(Deleted.self).metadata) ?? object.identity)
        case "BOOKMARK":
            self = .bookmark(resourceVersion: object.identity.resourceVersion)
        case "ERROR":
            self = .error(try object.decode(Status.self))
        default:
            self = .unknown(type: type)
        }
    }
}
