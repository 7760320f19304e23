internal import Basics
internal import KubernetesAPI

/// The weights by which requests are divided among Services: `webapp-v1=90,webapp-v2=10`.
struct Split: Equatable, CustomStringConvertible {
    /// In the order written, each Service once.
    var weights: [(service: String, weight: Int)]

    /// - Throws: `InvalidValue` for anything but two or more different Services with positive weights.
    init(_ text: String) throws(InvalidValue) {
        let bound = "2 to 100 Services, as in webapp-v1=90,webapp-v2=10"
        guard text.utf8.count(where: { $0 == UInt8(ascii: ",") }) < 100 else {
            throw InvalidValue(text, expected: bound)
        }
        var weights: [(service: String, weight: Int)] = []
        for element in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = element.split(separator: "=", omittingEmptySubsequences: false).map { $0.trimmed }
            guard parts.count == 2, parts[1].utf8.allSatisfy(\.isDigit), let weight = Int(parts[1]),
                (1...1_000_000).contains(weight)
            else {
                throw InvalidValue(
                    text, expected: "SERVICE=WEIGHT with weights from 1 to 1000000, found \(quoted(String(element)))")
            }
            guard (try? DNSName(parts[0])) != nil, !parts[0].contains(".") else {
                throw InvalidValue(text, expected: "names of Services of this namespace, found \(quoted(parts[0]))")
            }
            guard !weights.contains(where: { $0.service == parts[0] }) else {
                throw InvalidValue(text, expected: "each Service once, found \(parts[0]) twice")
            }
            weights.append((parts[0], weight))
        }
        guard weights.count >= 2 else { throw InvalidValue(text, expected: bound) }
        let total = weights.reduce(0) { $0 + $1.weight }
        // nginx divides in steps of 0.01 % (ngx_http_split_clients_module).
        if let least = weights.first(where: { $0.weight * 10_000 < total }) {
            throw InvalidValue(
                text, expected: "no weight below a ten-thousandth of their sum \(total), found \(least.weight)")
        }
        self.weights = weights
    }

    var description: String { weights.map { "\($0.service)=\($0.weight)" }.joined(separator: ",") }

    func contains(_ service: String) -> Bool { weights.contains { $0.service == service } }

    /// A split that no backend of the Ingress uses is rejected.
    func rejections(in ingress: Ingress) -> [FieldRejection] {
        let backends =
            ingress.spec.rules.flatMap(\.paths).map(\.backend) + [ingress.spec.defaultBackend].compactMap(\.self)
        let isUsed = backends.contains { backend in
            if case .service(let name, _) = backend { contains(name) } else { false }
        }
        guard !isUsed else { return [] }
        return [
            FieldRejection(
                field: Annotation.split.field, value: description,
                explanation: "expected at least one Service that a path of this Ingress names; the split has no effect")
        ]
    }

    static func == (left: Split, right: Split) -> Bool {
        left.weights.elementsEqual(right.weights, by: ==)
    }
}

/// The key by which a client stays in one part of a split.
public enum StickyKey: Sendable, Hashable, Codable {
    /// The cookie that the application sets.
    case cookie(TokenName)
    case header(TokenName)
    /// The client's address.
    case address
    /// The affinity cookie: a client that stays on one pod also stays on that pod's Service.
    case affinity

    /// - Throws: `InvalidValue` for anything but `cookie:NAME`, `header:NAME` or `ip`.
    public init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("ip", 1): self = .address
        case ("cookie", 2): self = .cookie(try TokenName(parts[1], allowing: "_"))
        case ("header", 2): self = .header(try TokenName(parts[1], allowing: "-"))
        default: throw InvalidValue(text, expected: "cookie:NAME, header:NAME or ip")
        }
    }
}

/// The name of a cookie or a header for which nginx has a variable.
public struct TokenName: Sendable, Hashable {
    public let text: String

    /// - Throws: `InvalidValue` for anything but 1 to 64 letters, digits and the one other character.
    init(_ text: String, allowing further: Character) throws(InvalidValue) {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == further.asciiValue })
        else {
            throw InvalidValue(text, expected: "a name of at most 64 letters, digits and '\(further)'")
        }
        self.text = text
    }
}
