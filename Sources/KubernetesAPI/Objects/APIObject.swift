/// An object of any kind that this program reads.
public enum APIObject: Sendable, Equatable {
    case ingress(Ingress)
    case ingressClass(IngressClass)
    case service(Service)
    case endpointSlice(EndpointSlice)

    public var kind: ObjectKind {
        switch self {
        case .ingress: .ingress
        case .ingressClass: .ingressClass
        case .service: .service
        case .endpointSlice: .endpointSlice
        }
    }

    public var key: ObjectKey { metadata.key }

    public var metadata: ObjectMeta {
        get {
            switch self {
            case .ingress(let object): object.metadata
            case .ingressClass(let object): object.metadata
            case .service(let object): object.metadata
            case .endpointSlice(let object): object.metadata
            }
        }
        set {
            switch self {
            case .ingress(var object):
                object.metadata = newValue
                self = .ingress(object)
            case .ingressClass(var object):
                object.metadata = newValue
                self = .ingressClass(object)
            case .service(var object):
                object.metadata = newValue
                self = .service(object)
            case .endpointSlice(var object):
                object.metadata = newValue
                self = .endpointSlice(object)
            }
        }
    }
}

extension Snapshot {
    public init(_ objects: [APIObject]) {
        self.init()
        for object in objects {
            switch object {
            case .ingress(let ingress): ingresses[ingress.key] = ingress
            case .ingressClass(let ingressClass): ingressClasses[ingressClass.key] = ingressClass
            case .service(let service): services[service.key] = service
            case .endpointSlice(let slice): endpointSlices[slice.key] = slice
            }
        }
    }
}
