/// The objects of the cluster at one moment: the input of `Routing`.
public struct Snapshot: Sendable, Equatable {
    public var ingresses: [ObjectKey: Ingress]
    public var ingressClasses: [ObjectKey: IngressClass]
    public var services: [ObjectKey: Service]
    /// The known slices of the Services whose pods are needed.
    public var endpointSlices: [ObjectKey: EndpointSlice]

    public init(
        ingresses: [Ingress] = [], ingressClasses: [IngressClass] = [], services: [Service] = [],
        endpointSlices: [EndpointSlice] = []
    ) {
        self.ingresses = Dictionary(ingresses.map { ($0.key, $0) }) { _, last in last }
        self.ingressClasses = Dictionary(ingressClasses.map { ($0.key, $0) }) { _, last in last }
        self.services = Dictionary(services.map { ($0.key, $0) }) { _, last in last }
        self.endpointSlices = Dictionary(endpointSlices.map { ($0.key, $0) }) { _, last in last }
    }
}

/// A difference between two snapshots, for `causes` in the audit log.
public struct Change: Sendable, Equatable {
    public enum Verb: String, Sendable {
        case added, modified, deleted
    }

    public var kind: ObjectKind
    public var key: ObjectKey
    public var verb: Verb
    /// The current version of the object; of a deleted object, its last known version.
    public var resourceVersion: String
    public var lastWriter: ObjectMeta.LastWriter?

    public init(
        kind: ObjectKind, key: ObjectKey, verb: Verb, resourceVersion: String,
        lastWriter: ObjectMeta.LastWriter? = nil
    ) {
        self.kind = kind
        self.key = key
        self.verb = verb
        self.resourceVersion = resourceVersion
        self.lastWriter = lastWriter
    }
}
