internal import Basics
internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// The parsers of values on the command line and in the environment.
enum Parsing {
    static func text(_ text: String) throws(InvalidValue) -> String {
        guard !text.isEmpty else { throw InvalidValue(text, expected: "a value") }
        return text
    }

    /// A path in Vault; it may begin and end with a slash, as other tools write paths.
    static func vaultPath(_ text: String) throws(InvalidValue) -> String {
        let path = String(text.wholeMatch(of: #/\/?(.*?)\/?/#)?.1 ?? text[...])
        let elements = path.split(separator: "/", omittingEmptySubsequences: false)
        guard elements.count >= 2, !elements.contains(where: { ["", ".", ".."].contains($0) }) else {
            throw InvalidValue(text, expected: "a path below an engine, as in secret/ssl/default")
        }
        return path
    }

    /// A namespace: a lowercase label (RFC 1123 §2.1).
    static func namespace(_ text: String) throws(InvalidValue) -> String {
        guard text.wholeMatch(of: #/[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?/#) != nil else {
            throw InvalidValue(text, expected: "a namespace of at most 63 lowercase letters, digits and '-'")
        }
        return text
    }

    /// A number of bytes; nil for `0`, which means no limit.
    static func size(_ text: String) throws(InvalidValue) -> Int? {
        text == "0" ? nil : try ByteSize(text).bytes
    }

    /// A number of bytes within bounds, which are written as the user would.
    static func size(_ smallest: String, _ largest: String) -> @Sendable (String) throws(InvalidValue) -> ByteSize {
        { text throws(InvalidValue) in
            let size = try? ByteSize(text)
            let (least, most) = (try ByteSize(smallest), try ByteSize(largest))
            guard let size, (least.bytes...most.bytes).contains(size.bytes) else {
                throw InvalidValue(text, expected: "a size from \(smallest) to \(largest)")
            }
            return size
        }
    }

    static func number(_ range: ClosedRange<Int>) -> @Sendable (String) throws(InvalidValue) -> Int {
        { text throws(InvalidValue) in
            guard let number = Int(text), range.contains(number) else {
                throw InvalidValue(text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// The name of an object: a subdomain (RFC 1123).
    static func objectName(_ text: String) throws(InvalidValue) -> String {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253,
            labels.allSatisfy({ $0.wholeMatch(of: #/[a-z0-9](?:[-a-z0-9]*[a-z0-9])?/#) != nil })
        else {
            throw InvalidValue(text, expected: "a name of at most 253 lowercase letters, digits, '-' and '.'")
        }
        return text
    }

    static func objectKey(_ text: String) throws(InvalidValue) -> ObjectKey {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw InvalidValue(text, expected: "NAMESPACE/NAME") }
        return ObjectKey(namespace: try namespace(parts[0]), name: try objectName(parts[1]))
    }

    /// IP addresses and host names, separated by commas.
    static func loadBalancerAddresses(_ text: String) throws(InvalidValue) -> [LoadBalancerAddress] {
        var addresses: [LoadBalancerAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let word = part.trimmed
            if let address = try? IPAddress(word), !word.contains("%") {
                addresses.append(LoadBalancerAddress(ip: address.text))
            } else if let name = try? DNSName(word) {
                addresses.append(LoadBalancerAddress(hostname: name.text))
            } else {
                throw InvalidValue(word, expected: "IP addresses or host names, separated by commas")
            }
        }
        return addresses
    }

    static func oneOf<Value: RawRepresentable & CaseIterable & Sendable>(
        _: Value.Type
    ) -> @Sendable (String) throws(InvalidValue) -> Value where Value.RawValue == String {
        let values = Array(Value.allCases)
        return { text throws(InvalidValue) in
            guard let value = values.first(where: { $0.rawValue == text }) else {
                throw InvalidValue(text, expected: "one of " + values.map(\.rawValue).joined(separator: ", "))
            }
            return value
        }
    }

    /// The values that `oneOf` accepts, for a help text: `token, kubernetes or approle`.
    static func list<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> String where Value.RawValue == String {
        let names = Value.allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    static func boolean(_ text: String) throws(InvalidValue) -> Bool {
        switch text {
        case "true": true
        case "false": false
        default: throw InvalidValue(text, expected: "true or false")
        }
    }
}
