/// Reads networking.k8s.io/v1 and v1beta1, which are equal.
extension IngressClass: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, spec
    }

    private struct Spec: Decodable {
        let controller: String?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            metadata: try fields.decode(ObjectMeta.self, forKey: .metadata),
            controller: try fields.decodeIfPresent(Spec.self, forKey: .spec)?.controller ?? "")
    }
}
