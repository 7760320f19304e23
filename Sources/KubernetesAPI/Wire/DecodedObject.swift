/// An object of a list or watch, or what is known of one that could not be decoded: one bad object must not cost the
/// others.
package enum DecodedObject<Object: KubernetesObject & Decodable>: Decodable {
    case object(Object)
    case undecodable(Undecodable)

    package struct Undecodable: Sendable, Equatable {
        package var key: ObjectKey
        package var resourceVersion: String
        package var problem: String
    }

    /// As much of the metadata as has the right type.
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
