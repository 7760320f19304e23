import Escaping
import Foundation
import Kubernetes
package import KubernetesAPI

/// What a fuzzer's bytes stand for.
///
/// Either a manifest, as it would lie in a folder: JSON or YAML. Or, where they are none, texts for single fields: parts
/// between bytes 0xFF, which no UTF-8 has; the first byte of each chooses the field.
package enum FuzzInput {
    package static func snapshot(_ bytes: [UInt8]) -> Snapshot {
        let created = Date(timeIntervalSince1970: 0)
        if let file = try? ManifestFile(bytes, name: "input", created: created), !file.entries.isEmpty {
            return Snapshot(ManifestSet([file]).objects)
        }
        var objects = HostileObjects()
        for part in bytes.split(separator: 0xff) {
            let field = HostileObjects.fields[Int(part.first ?? 0) % HostileObjects.fields.count]
            field.put(String(decoding: part.dropFirst(), as: UTF8.self), &objects)
        }
        return objects.snapshot
    }
}
