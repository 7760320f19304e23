extension Service: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, spec
    }

    private struct Spec: Decodable {
        let type: String?
        let externalName: String?
        let ports: [Port]?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let spec = try fields.decodeIfPresent(Spec.self, forKey: .spec)
        self.init(
            metadata: try fields.decode(ObjectMeta.self, forKey: .metadata),
            type: spec?.type ?? "ClusterIP",
            externalName: spec?.externalName,
            ports: spec?.ports ?? [])
    }
}

extension Service.Port: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, port
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decodeIfPresent(String.self, forKey: .name) ?? "",
            port: try fields.decode(Int.self, forKey: .port))
    }
}
