import Foundation
import KubernetesAPI

/// The rules that the scanner of API responses keeps for every input.
///
/// The first byte of an input selects the shape of the response and the size of its pieces.
package enum ScannerProof {
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    private struct Result: Equatable {
        var items: [ScannedObject] = []
        var envelope: [UInt8] = []
        var error: ScanError?
    }

    private static let filter = MetadataFilter(labels: { $0 == "ssl" }, annotations: { $0.hasPrefix("a") })

    /// - Throws: `Violation` if the pieces in which a response arrives make a difference, or if an object of valid JSON does
    ///   not come out as the same object without what the filter drops.
    package static func check(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        let response = Array(bytes.dropFirst())
        let shape: ObjectScanner.Shape = [.list, .watchEvent, .object][Int(first) % 3]
        let whole = scan(response, shape, pieces: response.count)
        guard scan(response, shape, pieces: Int(first) / 3 + 1) == whole else {
            throw Violation(description: "the pieces of the response make a difference")
        }
        // The scanner compares the names of members as they are written; JSON text of other encodings is not for it.
        guard !response.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0 || $0 > 0x7E }),
            let json = try? JSONSerialization.jsonObject(with: Data(response))
        else { return }
        if let error = whole.error { throw Violation(description: "valid JSON is not read: \(error)") }
        let expected: [Any] =
            switch shape {
            case .object: [json]
            case .watchEvent: (json as? [String: Any])?["object"].map { [$0] } ?? []
            case .list: (json as? [String: Any])?["items"] as? [Any] ?? []
            }
        // A member that occurs twice has two values, of which a decoder takes one.
        guard whole.items.count >= expected.count else { throw Violation(description: "an object is missing") }
        guard whole.items.count == expected.count else { return }
        for (item, object) in zip(whole.items, expected) {
            let options = JSONSerialization.ReadingOptions.fragmentsAllowed
            guard let found = try? JSONSerialization.jsonObject(with: Data(item.json), options: options) else {
                throw Violation(description: "an object is not JSON")
            }
            guard let found = found as? NSObject, found.isEqual(reduced(object)) else {
                throw Violation(description: "an object differs: \(String(decoding: item.json, as: UTF8.self))")
            }
        }
    }

    private static func scan(_ response: [UInt8], _ shape: ObjectScanner.Shape, pieces size: Int) -> Result {
        var scanner = ObjectScanner(shape, filter: filter)
        var result = Result()
        do throws(ScanError) {
            var position = 0
            while position < response.count {
                let end = min(response.count, position + size)
                result.items += try scanner.read(Array(response[position..<end]))
                position = end
            }
            if let last = try scanner.finish() { result.items.append(last) }
        } catch {
            // Objects before the error arrive only if their piece is complete.
            return Result(error: error)
        }
        result.envelope = scanner.envelope
        return result
    }

    /// The object without what the filter drops, by the description of it.
    private static func reduced(_ object: Any) -> Any {
        guard var object = object as? [String: Any], var metadata = object["metadata"] as? [String: Any] else {
            return object
        }
        let kept = ["name", "namespace", "resourceVersion", "uid", "creationTimestamp", "labels", "annotations"]
        metadata = metadata.filter { kept.contains($0.key) || $0.key == "managedFields" }
        metadata["labels"] = members(metadata["labels"]) { $0 == "ssl" }
        metadata["annotations"] = members(metadata["annotations"]) { $0.hasPrefix("a") }
        if let entries = metadata["managedFields"] as? [Any] { metadata["managedFields"] = entries.map(entry) }
        object["metadata"] = metadata
        return object
    }

    private static func entry(_ entry: Any) -> Any {
        guard var entry = entry as? [String: Any] else { return entry }
        entry = entry.filter { ["manager", "subresource", "time", "fieldsV1"].contains($0.key) }
        entry["fieldsV1"] = only("f:status", of: entry["fieldsV1"]) { status in
            only("f:loadBalancer", of: status) { balancer in
                only("f:ingress", of: balancer) { _ in [String: Any]() }
            }
        }
        return entry
    }

    private static func only(_ name: String, of value: Any?, _ change: (Any) -> Any?) -> Any? {
        guard let members = value as? [String: Any] else { return value }
        return members.filter { $0.key == name }.compactMapValues(change)
    }

    private static func members(_ value: Any?, _ isKept: (String) -> Bool) -> Any? {
        guard let members = value as? [String: Any] else { return value }
        return members.filter { isKept($0.key) }
    }
}
