package import Foundation

/// meta/v1 Time: RFC 3339, with or without a fraction of a second.
package struct RFC3339: Decodable {
    package let date: Date

    package init?(_ text: String) {
        let whole = try? Date(text, strategy: .iso8601)
        guard let date = whole ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        else { return nil }
        self.date = date
    }

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        guard let time = RFC3339(text) else {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "expected a time like 2026-01-31T03:12:45Z, found \"\(text)\"")
        }
        self = time
    }
}
