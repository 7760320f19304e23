internal import Foundation

/// A line of the audit log: a record with its time, pod and number.
public struct AuditLine: Sendable, Equatable {
    /// In bytes; far longer than any record. Readers cut longer lines, which are not audit lines.
    public static let maximumLength = 1 << 20

    public var time: Timestamp
    public var pod: String
    /// The number of the line: 1 for the first line of a controller's run, then one more for each line. Nil in a line of
    /// version 0.1.0.
    public var sequence: Int?
    public var record: AuditRecord

    public init(time: Timestamp, pod: String, sequence: Int? = nil, _ record: AuditRecord) {
        self.time = time
        self.pod = pod
        self.sequence = sequence
        self.record = record
    }

    /// Parses a line; nil if it is not an audit line, such as one that a crash truncated.
    public init?(_ json: some Sequence<UInt8>) {
        let data = Data(json)
        // Standard output may also contain nginx's access log, most of which is recognized without parsing.
        guard data.first == UInt8(ascii: "{"), let line = try? JSONDecoder().decode(AuditLine.self, from: data) else {
            return nil
        }
        self = line
    }

    /// True if bytes that cannot be parsed are a damaged or truncated audit line, and not a line of another log.
    public static func isDamaged(_ bytes: [UInt8]) -> Bool {
        guard bytes.count < maximumLength else { return true }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains(#""event":""#) && text.contains(#""pod":""#)
    }

    /// The line as a JSON object without line breaks. Equal lines give equal bytes.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension AuditLine: Codable {
    private enum Key: CodingKey {
        case event, time, pod, sequence
    }

    /// The keys of the record are in the same object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        time = try container.decode(Timestamp.self, forKey: .time)
        pod = try container.decode(String.self, forKey: .pod)
        sequence = try container.decodeIfPresent(Int.self, forKey: .sequence)
        let record: AuditRecord =
            switch try container.decode(AuditRecord.Event.self, forKey: .event) {
            case .start: .start(try AuditRecord.Start(from: decoder))
            case .stop: .stop(try AuditRecord.Stop(from: decoder))
            case .nginx: .nginx(try AuditRecord.Nginx(from: decoder))
            case .reload: .reload(try AuditRecord.Reload(from: decoder))
            case .hosts: .hosts(try AuditRecord.Hosts(from: decoder))
            case .quarantine: .quarantine(try AuditRecord.Quarantine(from: decoder))
            case .certificate: .certificate(try AuditRecord.Certificate(from: decoder))
            case .users: .users(try AuditRecord.Users(from: decoder))
            }
        self.record = record.withCurrentNames
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(record.event, forKey: .event)
        try container.encode(time, forKey: .time)
        try container.encode(pod, forKey: .pod)
        try container.encodeIfPresent(sequence, forKey: .sequence)
        switch record {
        case .start(let start): try start.encode(to: encoder)
        case .stop(let stop): try stop.encode(to: encoder)
        case .nginx(let nginx): try nginx.encode(to: encoder)
        case .reload(let reload): try reload.encode(to: encoder)
        case .hosts(let hosts): try hosts.encode(to: encoder)
        case .quarantine(let quarantine): try quarantine.encode(to: encoder)
        case .certificate(let certificate): try certificate.encode(to: encoder)
        case .users(let users): try users.encode(to: encoder)
        }
    }
}
