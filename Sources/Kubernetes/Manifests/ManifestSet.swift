public import KubernetesAPI

/// The objects of several manifests.
public struct ManifestSet: Sendable, Equatable {
    public let objects: [APIObject]
    /// Second definitions of an object. The first definition is used.
    public let duplicates: [ManifestError]

    /// - Parameter files: in the order of precedence.
    public init(_ files: [ManifestFile]) {
        struct Identity: Hashable {
            let kind: ObjectKind
            let key: ObjectKey
        }
        var first: [Identity: String] = [:]
        var objects: [APIObject] = []
        var duplicates: [ManifestError] = []
        for file in files {
            for entry in file.entries {
                let identity = Identity(kind: entry.object.kind, key: entry.object.key)
                guard let place = first[identity] else {
                    first[identity] = "\(file.name):\(entry.line)"
                    objects.append(entry.object)
                    continue
                }
                let problem = YAMLProblem(
                    line: entry.line, column: 1, field: "",
                    message:
                        "\(identity.kind.rawValue) \(identity.key) is already defined at \(place), which is used")
                duplicates.append(ManifestError(file: file.name, problem))
            }
        }
        self.objects = objects
        self.duplicates = duplicates
    }
}
