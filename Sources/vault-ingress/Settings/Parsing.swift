internal import Basics
internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import NginxConfig
internal import Routing

/// How values are written on the command line and in the environment.
enum Parsing {
    static func text(_ text: String) throws(InvalidValue) -> String {
        guard !text.isEmpty else { throw InvalidValue(text, expected: "a value, found nothing") }
        return text
    }

    /// Namespaces are labels (RFC 1123 §2.1, in lower case).
    static func namespace(_ text: String) throws(InvalidValue) -> String {
        guard text.wholeMatch(of: #/[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?/#) != nil else {
            throw InvalidValue(text, expected: "a namespace of at most 63 small letters, digits and '-'")
        }
        return text
    }

    /// A number of bytes; `0` for no limit, which is nil.
    static func size(_ text: String) throws(InvalidValue) -> Int? {
        text == "0" ? nil : try ByteSize(text).bytes
    }

    static func number(_ range: ClosedRange<Int>) -> (String) throws(InvalidValue) -> Int {
        { text throws(InvalidValue) in
            guard let number = Int(text), range.contains(number) else {
                throw InvalidValue(text, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// RFC 1123 subdomains: what most objects may be called.
    static func objectName(_ text: String) throws(InvalidValue) -> String {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253,
            labels.allSatisfy({ $0.wholeMatch(of: #/[a-z0-9](?:[-a-z0-9]*[a-z0-9])?/#) != nil })
        else {
            throw InvalidValue(text, expected: "a name of at most 253 small letters, digits, '-' and '.'")
        }
        return text
    }

    static func objectKey(_ text: String) throws(InvalidValue) -> ObjectKey {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw InvalidValue(text, expected: "NAMESPACE/NAME") }
        return ObjectKey(namespace: try namespace(parts[0]), name: try objectName(parts[1]))
    }

    /// IP addresses and host names, with commas between them.
    static func loadBalancerAddresses(_ text: String) throws(InvalidValue) -> [LoadBalancerAddress] {
        var addresses: [LoadBalancerAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let word = part.trimmed
            if let address = try? IPAddress(word), !word.contains("%") {
                addresses.append(LoadBalancerAddress(ip: address.text))
            } else if let name = try? DNSName(word) {
                addresses.append(LoadBalancerAddress(hostname: name.text))
            } else {
                throw InvalidValue(text, expected: "IP addresses or host names, with commas between them")
            }
        }
        return addresses
    }

    static func oneOf<Value: RawRepresentable & CaseIterable>(_: Value.Type) -> (String) throws(InvalidValue) -> Value
    where Value.RawValue == String {
        { text throws(InvalidValue) in
            guard let value = Value(rawValue: text) else {
                throw InvalidValue(text, expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return value
        }
    }

    static func boolean(_ text: String) throws(InvalidValue) -> Bool {
        switch text {
        case "true": true
        case "false": false
        default: throw InvalidValue(text, expected: "true or false")
        }
    }
}
