internal import Foundation
internal import Routing

extension [Routing.Host: ServedHost] {
    /// As it lies in the state folder; equal content, equal bytes.
    var coded: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(values.sorted { $0.routes.host < $1.routes.host }))
        }
    }

    /// - Throws: `DecodingError` or `InvalidValue` for what another version wrote, or nobody.
    init(coded bytes: [UInt8]) throws {
        let hosts = try JSONDecoder().decode([ServedHost].self, from: Data(bytes))
        self.init(hosts.map { ($0.routes.host, $0) }) { first, _ in first }
    }
}
