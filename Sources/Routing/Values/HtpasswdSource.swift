internal import KubernetesAPI

/// The place of an htpasswd file: a path in Vault, or a Secret in the cluster.
public enum HtpasswdSource: Sendable, Hashable, Comparable, CustomStringConvertible {
    case vault(VaultPath)
    /// The key `auth` of a Secret, as for ingress-nginx.
    case secret(ObjectName)

    /// Begins the text form of a Secret. A path in Vault has no colon.
    static let secretPrefix = "secret:"

    /// A path in Vault, or `secret:NAMESPACE/NAME`.
    public var text: String {
        switch self {
        case .vault(let path): path.text
        case .secret(let name): "\(Self.secretPrefix)\(name)"
        }
    }

    public var description: String { text }

    /// The Secret; nil for a path in Vault.
    public var secret: ObjectName? {
        if case .secret(let name) = self { name } else { nil }
    }

    public static func < (left: HtpasswdSource, right: HtpasswdSource) -> Bool { left.text < right.text }
}

extension HtpasswdSource: TextCodable {
    public init(_ text: String) throws(InvalidValue) {
        guard text.hasPrefix(Self.secretPrefix) else {
            self = .vault(try VaultPath(text))
            return
        }
        let parts = text.dropFirst(Self.secretPrefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw InvalidValue(text, expected: "secret:NAMESPACE/NAME") }
        try self.init(secret: String(parts[1]), namespace: String(parts[0]))
    }

    /// - Throws: `InvalidValue` for names that are not valid, or too long for the name of a file.
    init(secret name: String, namespace: String) throws(InvalidValue) {
        let object = try ObjectName(ObjectKey(namespace: namespace, name: name))
        guard object.description.utf8.count <= 240 else {
            throw InvalidValue(name, expected: "at most 240 characters of namespace and name")
        }
        self = .secret(object)
    }

    public var codedText: String { text }
}
