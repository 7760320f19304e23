/// A kind of object that this program reads; the raw value is the API's `kind`.
public enum ObjectKind: String, Sendable, Hashable, CaseIterable {
    case ingress = "Ingress"
    case ingressClass = "IngressClass"
    case service = "Service"
    case endpointSlice = "EndpointSlice"

    /// The kinds that are read from the start. EndpointSlices are read only from the time on that a Service needs them,
    /// because they change often.
    public static let always: Set<ObjectKind> = [.ingress, .ingressClass, .service]
}

/// An API object with the metadata that identifies it.
public protocol KubernetesObject: Sendable, Equatable {
    static var kind: ObjectKind { get }
    var metadata: ObjectMeta { get set }
}

extension KubernetesObject {
    public var key: ObjectKey { metadata.key }
}
