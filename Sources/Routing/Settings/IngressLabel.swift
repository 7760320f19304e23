/// The labels of an Ingress that this program reads. docs/labels.md is checked against this list.
public enum IngressLabel: String, Sendable, CaseIterable {
    case ssl
    case httpsOnly
    case http2
    case httpsBackend
    case deploymentMethod = "deployment_method"

    /// As in rejections.
    public var field: String { "metadata.labels[\(rawValue)]" }

    /// What may stand there; anything else is refused, not guessed.
    public var values: [String] {
        switch self {
        case .deploymentMethod: ["bluegreen"]
        case .http2, .httpsBackend, .httpsOnly, .ssl: ["true", "false"]
        }
    }

    /// What holds without it.
    public var defaultValue: String {
        self == .deploymentMethod ? "none" : "`false`"
    }

    /// As it is written in a manifest.
    public var example: String {
        self == .deploymentMethod ? "\(rawValue): bluegreen" : "\(rawValue): \"true\""
    }
}
