/// A path in Vault, from the engine's mount on: `secret/basic-auth/shop/admin`.
public struct VaultPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// - Throws: `InvalidValue` for anything but two or more elements of letters, digits, `-`, `_` and `.`, at most 512
    ///   characters: nothing that could be read as another path, or as a query.
    public init(_ text: String) throws(InvalidValue) {
        let elements = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = { (element: Substring) in
            !element.isEmpty && element != "." && element != ".."
                && element.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
        }
        guard elements.count >= 2, text.utf8.count <= 512, elements.allSatisfy(isPlain) else {
            throw InvalidValue(text, expected: "a path such as secret/basic-auth/shop/admin")
        }
        self.text = text
    }

    public var description: String { text }

    public static func < (left: VaultPath, right: VaultPath) -> Bool { left.text < right.text }
}
