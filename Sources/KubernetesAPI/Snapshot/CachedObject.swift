/// An object that a snapshot contains.
public protocol CachedObject: KubernetesObject, Decodable {
    static var place: WritableKeyPath<Snapshot, [ObjectKey: Self]> { get }

    /// The Service that the object belongs to. The object is only of use if the endpoints of that Service are wanted.
    /// Nil for an object that is always of use.
    var neededFor: ObjectKey? { get }

    /// Copies the fields that do not affect routing from another state of the object. A difference in them is not a
    /// change.
    mutating func takeBookkeeping(of other: Self)
}

extension CachedObject {
    public var neededFor: ObjectKey? { nil }

    public mutating func takeBookkeeping(of other: Self) {
        metadata.resourceVersion = other.metadata.resourceVersion
        metadata.lastWriter = other.metadata.lastWriter
    }
}

extension Ingress: CachedObject {
    public static var place: WritableKeyPath<Snapshot, [ObjectKey: Ingress]> { \.ingresses }

    public mutating func takeBookkeeping(of other: Ingress) {
        metadata.resourceVersion = other.metadata.resourceVersion
        metadata.lastWriter = other.metadata.lastWriter
        status = other.status
    }
}

extension IngressClass: CachedObject {
    public static var place: WritableKeyPath<Snapshot, [ObjectKey: IngressClass]> { \.ingressClasses }
}

extension Service: CachedObject {
    public static var place: WritableKeyPath<Snapshot, [ObjectKey: Service]> { \.services }
}

extension EndpointSlice: CachedObject {
    public static var place: WritableKeyPath<Snapshot, [ObjectKey: EndpointSlice]> { \.endpointSlices }

    /// A slice without a Service belongs to one without a name.
    public var neededFor: ObjectKey? { service ?? ObjectKey(namespace: metadata.namespace, name: "") }
}
