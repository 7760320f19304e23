/// The kinds this program reads; the raw value is the API's own `kind`.
public enum ObjectKind: String, Sendable, Hashable, CaseIterable {
    case ingress = "Ingress"
    case ingressClass = "IngressClass"
    case service = "Service"
    case endpointSlice = "EndpointSlice"

    /// Those that are read from the start. EndpointSlices change often: only those that are wanted are read.
    public static let always: Set<ObjectKind> = [.ingress, .ingressClass, .service]
}

/// An API object as it is kept in the cache.
public protocol KubernetesObject: Sendable, Equatable {
    static var kind: ObjectKind { get }
    var metadata: ObjectMeta { get set }
}

extension KubernetesObject {
    public var key: ObjectKey { metadata.key }
}
