/// A kind that has its place in the snapshot.
public protocol CachedObject: KubernetesObject, Decodable {
    static var place: WritableKeyPath<Snapshot, [ObjectKey: Self]> { get }
}

extension Ingress: CachedObject {
    public static var place: WritableKeyPath<Snapshot, [ObjectKey: Ingress]> { \.ingresses }
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
