internal import KubernetesAPI

/// The labels and annotations of one Ingress, parsed.
struct IngressSettings: Equatable {
    /// The settings of each of its hosts.
    var host = HostSettings()
    /// The Services among which requests are divided.
    var split: Split?
    /// What keeps a client with one part of a split; nil divides each request at random.
    var splitKey: StickyKey?
    /// Whether a request header selects the Service.
    var isBlueGreen = false

    static func read(
        _ metadata: ObjectMeta, _ options: RoutingOptions
    ) -> (settings: IngressSettings, rejections: [FieldRejection]) {
        let labels = LabelValues(metadata.labels)
        var reader = AnnotationReader(metadata, basicAuthPrefix: options.basicAuthPrefix)
        var settings = IngressSettings(
            host: reader.settings(), split: reader.split(), splitKey: reader.splitKey(),
            isBlueGreen: labels.values[.deploymentMethod] == "bluegreen")
        if labels.isTrue(.httpsBackend) {
            if !reader.isPresent(.backendProtocol) {
                settings.host.backendProtocol = .https
            } else if [.http, .grpc].contains(settings.host.backendProtocol) {
                reader.reject(
                    .backendProtocol,
                    "the label \(IngressLabel.httpsBackend.rawValue) says https; the annotation counts")
            }
        }
        if labels.isTrue(.ssl) { settings.host.tls = .vault }
        if labels.isTrue(.httpsOnly), settings.host.redirect == nil { settings.host.redirect = .httpsOnly }
        // gRPC is always HTTP/2.
        settings.host.http2 = labels.isTrue(.http2) || settings.host.backendProtocol.isGRPC
        if settings.splitKey == nil, settings.host.affinity { settings.splitKey = .affinity }
        return (settings, labels.rejections + reader.rejections)
    }
}

/// The labels of one Ingress that have one of their values; others are rejected and count as absent.
private struct LabelValues {
    private(set) var values: [IngressLabel: String] = [:]
    private(set) var rejections: [FieldRejection] = []

    init(_ labels: [String: String]) {
        for label in IngressLabel.allCases {
            guard let value = labels[label.rawValue] else { continue }
            if label.values.contains(value) {
                values[label] = value
            } else {
                let expected = label.values.map { "\"\($0)\"" }.joined(separator: " or ")
                rejections.append(
                    FieldRejection(
                        field: "metadata.labels[\(label.rawValue)]", value: value, explanation: "expected \(expected)"))
            }
        }
    }

    func isTrue(_ label: IngressLabel) -> Bool { values[label] == "true" }
}
