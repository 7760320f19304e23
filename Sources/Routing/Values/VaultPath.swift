/// A path in Vault that begins with the mount of the engine: `secret/basic-auth/shop/admin`.
public struct VaultPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidValue` for anything but two or more elements of letters, digits, `-`, `_` and `.`, at most 240
    ///   characters: it cannot be read as another path or a query, and is a valid file name with other separators.
    public init(_ text: String) throws(InvalidValue) {
        let elements = text.split(separator: "/", omittingEmptySubsequences: false)
        guard elements.count >= 2, text.utf8.count <= 240, elements.allSatisfy(\.isPlainElement) else {
            throw InvalidValue(text, expected: "a path such as secret/basic-auth/shop/admin")
        }
        self.text = text
    }

    public var description: String { text }

    public static func < (left: VaultPath, right: VaultPath) -> Bool { left.text < right.text }
}

/// The prefix of the paths in Vault that an Ingress may name. The controller may read more than a team may use.
public struct VaultPathPrefix: Sendable, Hashable, CustomStringConvertible {
    private static let namespace = "{namespace}"

    /// `secret/basic-auth/{namespace}`
    public static let basicAuth = VaultPathPrefix(elements: ["secret", "basic-auth", namespace])

    private let elements: [String]

    private init(elements: [String]) { self.elements = elements }

    /// - Throws: `InvalidValue` for anything but elements as in `VaultPath`; they may contain `{namespace}` for the
    ///   namespace of the Ingress.
    public init(_ text: String) throws(InvalidValue) {
        let elements = text.split(separator: "/", omittingEmptySubsequences: false)
        guard elements.allSatisfy({ $0.replacing(Self.namespace, with: "n").isPlainElement }) else {
            throw InvalidValue(text, expected: "a path such as \(Self.basicAuth)")
        }
        self.init(elements: elements.map(String.init))
    }

    public var description: String { elements.joined(separator: "/") }

    /// The prefix for one namespace.
    func text(namespace: String) -> String { elements(namespace).joined(separator: "/") }

    /// True for a path below the prefix. Compares elements: `secret/a` does not cover `secret/ab/c`.
    func covers(_ path: VaultPath, namespace: String) -> Bool {
        let given = path.text.split(separator: "/").map(String.init)
        return given.count > elements.count && given.starts(with: elements(namespace))
    }

    /// A namespace that is not valid makes an element that no path has.
    private func elements(_ namespace: String) -> [String] {
        elements.map { $0.replacing(Self.namespace, with: namespace) }
    }
}

extension StringProtocol {
    fileprivate var isPlainElement: Bool {
        !isEmpty && self != "." && self != ".." && utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }
}
