/// The labels of an Ingress that this program reads, in the order in which they are rejected. A test compares
/// docs/labels.md with this list.
public enum IngressLabel: String, Sendable, CaseIterable {
    case ssl
    case httpsOnly
    case http2
    case httpsBackend
    case deploymentMethod = "deployment_method"

    /// As in rejections.
    public var field: String { "metadata.labels[\(rawValue)]" }

    /// The valid values; others are rejected.
    public var values: [String] {
        switch self {
        case .deploymentMethod: ["bluegreen"]
        case .http2, .httpsBackend, .httpsOnly, .ssl: ["true", "false"]
        }
    }

    /// What applies without the label.
    public var defaultValue: String {
        self == .deploymentMethod ? "none" : "`false`"
    }

    /// As in a manifest.
    public var example: String {
        self == .deploymentMethod ? "\(rawValue): bluegreen" : "\(rawValue): \"true\""
    }
}
