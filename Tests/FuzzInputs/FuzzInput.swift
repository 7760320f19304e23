import Escaping
import Foundation
import Kubernetes
package import KubernetesAPI

/// The meaning of a fuzzer's bytes.
///
/// A manifest in JSON or YAML; otherwise texts for single fields, separated by bytes 0xFF, which UTF-8 does not have.
/// The first byte of each part selects the field.
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
