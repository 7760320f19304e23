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

    /// `secret/certificates/{namespace}`, an example: by default, no Ingress may name the path of a certificate.
    static let certificates = VaultPathPrefix(elements: ["secret", "certificates", namespace])

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

    /// The path that an Ingress names, below the prefix as the operator wrote it. `data/` or `metadata/` after the mount, as
    /// policies and the UI of KV 2 show paths, may be in one of the two and not in the other.
    ///
    /// - Throws: `InvalidValue` for another path.
    func path(_ text: String, namespace: String) throws(InvalidValue) -> VaultPath {
        let path = try VaultPath(text)
        if covers(path, namespace: namespace) { return path }
        let own = Self.withoutFolder(elements, upTo: elements.count)
        let given = Self.withoutFolder(text.split(separator: "/").map(String.init), upTo: own.count + 1)
        guard given.count > own.count,
            given.starts(with: own.map { $0.replacing(Self.namespace, with: namespace) })
        else { throw InvalidValue(text, expected: "a path below \(self.text(namespace: namespace))/") }
        return try VaultPath((elements(namespace) + given.dropFirst(own.count)).joined(separator: "/"))
    }

    /// - Parameter end: the mount ends before this element.
    private static func withoutFolder(_ elements: [String], upTo end: Int) -> [String] {
        var elements = elements
        let folder = elements.prefix(end).dropFirst().firstIndex { ["data", "metadata"].contains($0) }
        if let folder { elements.remove(at: folder) }
        return elements
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
