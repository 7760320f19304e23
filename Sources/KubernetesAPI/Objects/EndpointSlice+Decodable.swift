/// Reads discovery.k8s.io/v1 and v1beta1. The fields read here are equal in both.
extension EndpointSlice: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, addressType, ports, endpoints
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        var metadata = try fields.decode(ObjectMeta.self, forKey: .metadata)
        metadata.labels = metadata.labels.filter { $0.key == Self.serviceLabel }
        metadata.annotations = [:]
        self.init(
            metadata: metadata,
            addressType: try fields.decode(String.self, forKey: .addressType),
            // Go writes empty lists as null.
            ports: try fields.decodeIfPresent([Port].self, forKey: .ports) ?? [],
            endpoints: try fields.decodeIfPresent([Endpoint].self, forKey: .endpoints) ?? [])
    }
}

extension EndpointSlice.Port: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, port, `protocol`
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decodeIfPresent(String.self, forKey: .name) ?? "",
            port: try fields.decodeIfPresent(Int.self, forKey: .port),
            protocol: try fields.decodeIfPresent(String.self, forKey: .protocol) ?? "TCP")
    }
}

extension EndpointSlice.Endpoint: Decodable {
    private enum CodingKeys: String, CodingKey {
        case addresses, conditions
    }

    private struct Conditions: Decodable {
        let ready: Bool?
        let serving: Bool?
        let terminating: Bool?
    }

    /// An endpoint of unknown readiness is ready; `serving` defaults to `ready` (k8s API: EndpointConditions).
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let conditions = try fields.decodeIfPresent(Conditions.self, forKey: .conditions)
        self.init(
            addresses: try fields.decodeIfPresent([String].self, forKey: .addresses) ?? [],
            isReady: conditions?.ready ?? true, isServing: conditions?.serving,
            isTerminating: conditions?.terminating ?? false)
    }
}
