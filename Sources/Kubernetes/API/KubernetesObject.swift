/// The kinds this program reads; the raw value is the API's own `kind`.
public enum ObjectKind: String, Sendable, Hashable, CaseIterable {
    case ingress = "Ingress"
    case ingressClass = "IngressClass"
    case service = "Service"
}

/// An API object as it is kept in the cache.
public protocol KubernetesObject: Sendable, Equatable {
    static var kind: ObjectKind { get }
    var metadata: ObjectMeta { get set }
}

extension KubernetesObject {
    public var key: ObjectKey { metadata.key }
}
