/// The description of one annotation.
public struct AnnotationDescription: Sendable {
    /// The line in the table of docs/annotations.md.
    public let effect: String
    /// The values that are valid.
    public let type: String
    /// What applies without the annotation.
    public let defaultValue: String
    /// A valid value; for paths in Vault in the namespace `shop`.
    public let example: String
    let sets: AnnotationSetting

    /// The value in the listing of hosts, in one normal form; nil for the default.
    public func listed(_ settings: HostSettings) -> String? { sets.listed(settings) }
}

extension Annotation {
    /// Sorted by name.
    public static let sorted = allCases.sorted { $0.rawValue < $1.rawValue }

    /// As in rejections.
    public var field: String { "metadata.annotations[\(name)]" }

    /// The annotations with what they set, made once.
    static let settings = allCases.map { (annotation: $0, name: $0.name, sets: $0.description.sets) }
}

extension HostSettings {
    /// The settings that the examples of all annotations make.
    public static var examples: HostSettings {
        var settings = IngressSettings()
        let context = AnnotationContext(
            namespace: "shop", basicAuthPrefix: .basicAuth, vaultPathPrefix: .certificates, hasSplit: true)
        for annotation in Annotation.allCases {
            _ = annotation.description.sets.read(annotation.description.example, context, &settings)
        }
        return settings.host
    }
}
