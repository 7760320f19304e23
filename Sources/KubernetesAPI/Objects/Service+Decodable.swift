extension Service: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, spec
    }

    private struct Spec: Decodable {
        let type: String?
        let externalName: String?
        let clusterIP: String?
        let ports: [Port]?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let spec = try fields.decodeIfPresent(Spec.self, forKey: .spec)
        self.init(
            metadata: try fields.decode(ObjectMeta.self, forKey: .metadata),
            type: spec?.type ?? "ClusterIP",
            externalName: spec?.externalName,
            isHeadless: spec?.clusterIP == "None",
            ports: spec?.ports ?? [])
    }
}

extension Service.Port: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, port, `protocol`, targetPort
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decodeIfPresent(String.self, forKey: .name) ?? "",
            port: try fields.decode(Int.self, forKey: .port),
            protocol: try fields.decodeIfPresent(String.self, forKey: .protocol) ?? "TCP",
            targetPort: try fields.decodeIfPresent(IntOrString.self, forKey: .targetPort)
                .flatMap(Service.TargetPort.init))
    }
}

extension Service.TargetPort {
    /// The API's Go types write an absent port as 0.
    fileprivate init?(_ value: IntOrString) {
        if let number = value.int, number != 0 {
            self = .number(number)
        } else if let name = value.string, !name.isEmpty {
            self = .name(name)
        } else {
            return nil
        }
    }
}
