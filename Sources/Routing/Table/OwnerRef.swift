public import KubernetesAPI

/// A reference to an object that owns hosts or has a rejection. Ingresses are one kind of owner.
public struct OwnerRef: Sendable, Hashable {
    /// The raw value is the API's own `kind`.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case ingress = "Ingress"
    }

    public var kind: Kind
    public var namespace: String
    public var name: String

    public init(kind: Kind, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The reference to an Ingress.
    public init(ingress key: ObjectKey) {
        self.init(kind: .ingress, namespace: key.namespace, name: key.name)
    }

    /// The key among the objects of its kind.
    public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    /// With the kind, for messages: `Ingress shop/web`.
    public var qualified: String { "\(kind.rawValue) \(key)" }
}

extension Ingress {
    /// The Ingress as an owner of hosts.
    public var ref: OwnerRef { OwnerRef(ingress: key) }
}

extension OwnerRef: Comparable, CustomStringConvertible {
    /// `shop/web`: the form of the audit log, nginx's access log and `/status`.
    public var description: String { "\(key)" }

    /// By namespace, name and kind.
    public static func < (left: OwnerRef, right: OwnerRef) -> Bool {
        (left.namespace, left.name, left.kind.rawValue) < (right.namespace, right.name, right.kind.rawValue)
    }
}

extension OwnerRef: Codable {
    private enum CodingKeys: CodingKey {
        case kind, namespace, name
    }

    /// A reference without a kind is one to an Ingress: state folders of version 0.1.0 have only those.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = try fields.decodeIfPresent(Kind.self, forKey: .kind) ?? .ingress
        namespace = try fields.decode(String.self, forKey: .namespace)
        name = try fields.decode(String.self, forKey: .name)
    }
}

extension OwnerRef.Kind {
    /// The kind of the object itself.
    public var objectKind: ObjectKind {
        switch self {
        case .ingress: .ingress
        }
    }
}
