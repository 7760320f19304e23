/// Header fields in their original order. Names are case-insensitive (RFC 9110 §5.1).
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [(name: String, value: String)] = []

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The first field with the name. Setting it replaces all fields with the name; nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            fields.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { fields.append((name: name, value: newValue)) }
        }
    }

    public mutating func append(_ name: String, _ value: String) {
        fields.append((name: name, value: value))
    }

    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// Descriptions do not contain the values of fields with credentials.
extension HTTPHeaders: CustomStringConvertible, CustomReflectable {
    private static let secret: Set = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-vault-token"]

    public var description: String {
        fields.map { "\($0.name): \(Self.secret.contains($0.name.lowercased()) ? "<redacted>" : $0.value)" }
            .joined(separator: ", ")
    }

    public var customMirror: Mirror { Mirror(self, children: ["fields": description]) }
}
