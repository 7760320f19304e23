import Foundation
import Yams

/// A JSON value, written in tests as a literal: `["metadata": ["name": "web"]]`.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// A member of an object; null if it is missing, or the value is not an object. Setting it makes the value an
    /// object.
    public subscript(member: String) -> JSON {
        get { if case .object(let members) = self { members[member] ?? .null } else { .null } }
        set {
            guard case .object(var members) = self else {
                self = .object([member: newValue])
                return
            }
            members[member] = newValue
            self = .object(members)
        }
    }

    /// An element of an array; null if it is missing, or the value is not an array.
    public subscript(index: Int) -> JSON {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { .null }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var int: Int? { if case .integer(let value) = self { value } else { nil } }
    /// The value of any number.
    public var double: Double? { if case .number(let value) = self { value } else { int.map(Double.init) } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// Empty if the value is not an array.
    public var array: [JSON] { if case .array(let value) = self { value } else { [] } }
    /// Empty if the value is not an object.
    public var object: [String: JSON] { if case .object(let value) = self { value } else { [:] } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral,
    ExpressibleByStringInterpolation
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    public init(nilLiteral: ()) { self = .null }
}

extension JSON: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    public init(parsing bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
    }

    /// Compact JSON with sorted members.
    public var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(self))
        }
    }

    /// The documents of a YAML file, without empty ones.
    public static func documents(yaml: String) throws -> [JSON] {
        try Yams.compose_all(yaml: yaml).compactMap { node in
            let value = try YAMLDecoder().decode(JSON.self, from: node)
            return value == .null ? nil : value
        }
    }
}
