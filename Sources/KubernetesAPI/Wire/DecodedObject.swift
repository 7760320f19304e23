/// An object of a list or watch. One that cannot be decoded keeps its name and the problem, so that the others are
/// read.
package enum DecodedObject<Object: KubernetesObject & Decodable>: Decodable {
    case object(Object)
    case undecodable(Undecodable)

    package struct Undecodable: Sendable, Equatable {
        package var key: ObjectKey
        package var resourceVersion: String
        package var problem: String
    }

    /// The metadata fields that have the right type.
    private struct Name: Decodable {
        var key = ObjectKey(namespace: "", name: "")
        var resourceVersion = ""

        private enum CodingKeys: String, CodingKey {
            case metadata, name, namespace, resourceVersion
        }

        init(from decoder: any Decoder) {
            guard let object = try? decoder.container(keyedBy: CodingKeys.self),
                let metadata = try? object.nestedContainer(keyedBy: CodingKeys.self, forKey: .metadata)
            else { return }
            key.namespace = (try? metadata.decode(String.self, forKey: .namespace)) ?? ""
            key.name = (try? metadata.decode(String.self, forKey: .name)) ?? ""
            resourceVersion = (try? metadata.decode(String.self, forKey: .resourceVersion)) ?? ""
        }
    }

    package init(from decoder: any Decoder) throws {
        do {
            self = .object(try Object(from: decoder))
        } catch {
            let name = Name(from: decoder)
            self = .undecodable(
                Undecodable(
                    key: name.key, resourceVersion: name.resourceVersion,
                    problem: DecodingProblem.line(error, below: decoder.codingPath)))
        }
    }
}
