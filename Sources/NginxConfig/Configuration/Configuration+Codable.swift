internal import Foundation
internal import Routing

/// The coded form is `generation.json`: equal values give equal bytes, so dictionaries are written as sorted lists.
extension Configuration: Codable {
    private enum CodingKeys: CodingKey {
        case table, certificates, htpasswdFiles, quarantined
    }

    private struct Quarantined: Codable {
        let owner: OwnerRef
        let error: String
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let quarantined = try fields.decode([Quarantined].self, forKey: .quarantined)
        self.init(
            table: try fields.decode(RoutingTable.self, forKey: .table),
            certificates: try fields.decode(CertificateSet.self, forKey: .certificates),
            htpasswdFiles: try fields.decode([HtpasswdFile].self, forKey: .htpasswdFiles),
            quarantined: Dictionary(quarantined.map { ($0.owner, $0.error) }) { first, _ in first })
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(table, forKey: .table)
        try fields.encode(certificates, forKey: .certificates)
        try fields.encode(htpasswdFiles, forKey: .htpasswdFiles)
        try fields.encode(
            quarantined.sorted { $0.key < $1.key }.map { Quarantined(owner: $0.key, error: $0.value) },
            forKey: .quarantined)
    }
}

extension Configuration {
    /// - Throws: `DecodingError`, or `InvalidValue` for a value that breaks a rule of its type.
    public init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(Configuration.self, from: Data(json))
    }

    /// The secrets in the JSON of a configuration that cannot be decoded as a whole: each entry that can be. Nil if it is
    /// not JSON.
    public static func secrets(recoveredFrom json: [UInt8]) -> ServedSecrets? {
        (try? JSONDecoder().decode(RecoveredSecrets.self, from: Data(json)))?.secrets
    }

    /// - Throws: `EncodingError`.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// The entries of `generation.json` that can be decoded.
private struct RecoveredSecrets: Decodable {
    private struct Lossy<Value: Decodable>: Decodable {
        let value: Value?

        init(from decoder: any Decoder) { value = try? Value(from: decoder) }
    }

    private struct Certificates: Decodable {
        let hosts: [Lossy<CertificateSet.Entry>]?
        let fallback: Lossy<ServedCertificate>?
    }

    private let certificates: Lossy<Certificates>?
    private let htpasswdFiles: [Lossy<HtpasswdFile>]?

    var secrets: ServedSecrets {
        ServedSecrets(
            certificates: CertificateSet(
                (certificates?.value?.hosts ?? []).compactMap(\.value),
                fallback: certificates?.value?.fallback?.value),
            htpasswdFiles: (htpasswdFiles ?? []).compactMap(\.value))
    }
}
