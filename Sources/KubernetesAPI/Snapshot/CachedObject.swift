/// A kind that has its place in the snapshot.
public protocol CachedObject: KubernetesObject, Decodable {
    static var place: WritableKeyPath<Snapshot, [ObjectKey: Self]> { get }

    /// Takes over what another state of the object says and nothing is routed by: a difference there is no change.
    mutating func takeBookkeeping(of other: Self)
}

extension CachedObject {
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
}
