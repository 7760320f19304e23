/// Reads networking.k8s.io/v1, networking.k8s.io/v1beta1 and extensions/v1beta1. Items of a list do not name their
/// version, and need not: fields that differ have different names (`defaultBackend` was `backend`, `service` was
/// `serviceName` and `servicePort`).
extension Ingress: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, spec
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            metadata: try fields.decode(ObjectMeta.self, forKey: .metadata),
            spec: try fields.decodeIfPresent(Spec.self, forKey: .spec) ?? Spec(),
            status: try LoadBalancerStatus(from: decoder))
    }
}

extension Ingress.Spec: Decodable {
    private enum CodingKeys: String, CodingKey {
        case ingressClassName, defaultBackend, backend, tls, rules
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            ingressClassName: try fields.decodeIfPresent(String.self, forKey: .ingressClassName),
            defaultBackend: try fields.decodeIfPresent(Ingress.Backend.self, forKey: .defaultBackend)
                ?? fields.decodeIfPresent(Ingress.Backend.self, forKey: .backend),
            tls: try fields.decodeIfPresent([Ingress.TLS].self, forKey: .tls) ?? [],
            rules: try fields.decodeIfPresent([Ingress.Rule].self, forKey: .rules) ?? [])
    }
}

extension Ingress.TLS: Decodable {
    private enum CodingKeys: String, CodingKey {
        case hosts, secretName
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            hosts: try fields.decodeIfPresent([String].self, forKey: .hosts) ?? [],
            secretName: try fields.decodeIfPresent(String.self, forKey: .secretName))
    }
}

extension Ingress.Rule: Decodable {
    private enum CodingKeys: String, CodingKey {
        case host, http
    }

    private struct HTTP: Decodable {
        let paths: [Ingress.Path]?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            host: try fields.decodeIfPresent(String.self, forKey: .host) ?? "",
            paths: try fields.decodeIfPresent(HTTP.self, forKey: .http)?.paths ?? [])
    }
}

extension Ingress.Path: Decodable {
    private enum CodingKeys: String, CodingKey {
        case path, pathType, backend
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            path: try fields.decodeIfPresent(String.self, forKey: .path),
            pathType: try fields.decodeIfPresent(String.self, forKey: .pathType),
            backend: try fields.decode(Ingress.Backend.self, forKey: .backend))
    }
}

extension Ingress.Backend: Decodable {
    private enum CodingKeys: String, CodingKey {
        case service, resource, serviceName, servicePort
    }

    private struct Service: Decodable {
        let name: String
        let port: Port?

        struct Port: Decodable {
            let name: String?
            let number: Int?
        }
    }

    /// core/v1 TypedLocalObjectReference.
    private struct Resource: Decodable {
        let apiGroup: String?
        let kind: String
        let name: String
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if let service = try fields.decodeIfPresent(Service.self, forKey: .service) {
            self = .service(name: service.name, port: Port(service.port?.number, service.port?.name))
        } else if let resource = try fields.decodeIfPresent(Resource.self, forKey: .resource) {
            let group = resource.apiGroup.map { "\($0)/" } ?? ""
            self = .resource("\(group)\(resource.kind) \(resource.name)")
        } else if let name = try fields.decodeIfPresent(String.self, forKey: .serviceName) {
            let port = try fields.decodeIfPresent(IntOrString.self, forKey: .servicePort)
            self = .service(name: name, port: Port(port?.int, port?.string))
        } else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected service or resource, found neither"))
        }
    }
}

extension Ingress.Backend.Port {
    /// The API's Go types write an absent number as 0 and an absent name as "".
    fileprivate init(_ number: Int?, _ name: String?) {
        if let number, number != 0 {
            self = .number(number)
        } else if let name, !name.isEmpty {
            self = .name(name)
        } else {
            self = .absent
        }
    }
}
