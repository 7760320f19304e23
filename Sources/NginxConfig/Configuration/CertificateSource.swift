internal import KubernetesAPI
public import Routing

/// The place that a certificate comes from. Its text form, which the audit log, `/status` and `certificates.txt` show,
/// is parsed and printed only here.
public enum CertificateSource: Sendable, Hashable {
    /// A path in Vault: `vault:secret/ssl/a.example.com`.
    case vault(String)
    /// A Secret in the cluster: `secret:shop/web-tls`.
    case secret(ObjectName)
    /// A role of a PKI engine in Vault: `pki:pki/web`.
    case pki(PKIRole)
    /// A source of another provider or of another version of this program: `KIND:REFERENCE`.
    case other(kind: String, reference: String)
}

extension CertificateSource: TextCodable, CustomStringConvertible {
    /// - Throws: `InvalidValue` for a text without a kind, or with a reference that does not fit its kind.
    public init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw InvalidValue(text, expected: "KIND:REFERENCE, as in vault:secret/ssl/a.example.com")
        }
        switch parts[0] {
        case "vault": self = .vault(parts[1])
        case "secret": self = .secret(try Self.objectName(parts[1]))
        case "pki": self = .pki(try PKIRole(parts[1]))
        default: self = .other(kind: parts[0], reference: parts[1])
        }
    }

    public var description: String {
        switch self {
        case .vault(let path): "vault:\(path)"
        case .secret(let name): "secret:\(name)"
        case .pki(let role): "pki:\(role)"
        case .other(let kind, let reference): "\(kind):\(reference)"
        }
    }

    public var codedText: String { description }

    private static func objectName(_ text: String) throws(InvalidValue) -> ObjectName {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw InvalidValue(text, expected: "NAMESPACE/NAME of a Secret") }
        return try ObjectName(ObjectKey(namespace: parts[0], name: parts[1]))
    }
}

/// A role of a PKI engine in Vault, written `MOUNT/ROLE`.
public struct PKIRole: Sendable, Hashable, CustomStringConvertible {
    public let mount: String
    public let role: String

    /// - Throws: `InvalidValue` for anything but two or more elements; the last one is the role.
    public init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts.contains(where: \.isEmpty), let role = parts.last else {
            throw InvalidValue(text, expected: "MOUNT/ROLE")
        }
        mount = parts.dropLast().joined(separator: "/")
        self.role = String(role)
    }

    public var description: String { "\(mount)/\(role)" }
}
