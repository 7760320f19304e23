internal import Basics
internal import KubernetesAPI

/// The labels and annotations of one Ingress, parsed.
struct IngressSettings: Equatable {
    /// The settings of each of its hosts.
    var host = HostSettings()
    /// The Services among which requests are divided.
    var split: Split?
    /// The key that keeps a client in one part of a split; nil divides each request at random.
    var splitKey: StickyKey?
    /// True if a request header selects the Service.
    var isBlueGreen = false

    static func read(
        _ metadata: ObjectMeta, _ options: RoutingOptions
    ) -> (settings: IngressSettings, rejections: [FieldRejection]) {
        let labels = LabelValues(metadata.labels)
        var settings = IngressSettings()
        // First, so that no number of other rejections hides why the hosts are closed.
        var rejections = settings.close(metadata.annotations)
        rejections += labels.rejections + unknownAnnotations(metadata.annotations)
        let context = AnnotationContext(
            namespace: metadata.namespace, basicAuthPrefix: options.basicAuthPrefix,
            vaultPathPrefix: options.vaultPathPrefix, hasSplit: metadata.annotations[Annotation.split.name] != nil,
            kubernetesSecrets: options.kubernetesSecrets)
        for (annotation, name, sets) in Annotation.settings {
            guard let text = metadata.annotations[name] else { continue }
            rejections += sets.read(text.trimmed, context, &settings).map {
                FieldRejection(field: annotation.field, value: text, explanation: $0)
            }
        }
        rejections += settings.apply(labels, metadata.annotations)
        return (settings, rejections)
    }

    /// Closes the hosts if another controller protects them.
    private mutating func close(_ annotations: [String: String]) -> [FieldRejection] {
        let found = ForeignProtection.found(in: annotations)
        host.closedBy = found.first?.protection.name
        return found.map { protection, value in
            FieldRejection(
                field: "metadata.annotations[\(protection.name)]", value: value, reason: .hostClosed,
                explanation: protection.explanation)
        }
    }

    /// Applies the labels to the settings that no annotation makes.
    private mutating func apply(_ labels: LabelValues, _ annotations: [String: String]) -> [FieldRejection] {
        var rejections: [FieldRejection] = []
        if labels.isTrue(.ssl) { host.tls = .vault }
        if labels.isTrue(.httpsOnly), host.redirect == nil { host.redirect = .httpsOnly }
        if labels.isTrue(.httpsBackend) {
            if let text = annotations[Annotation.backendProtocol.name] {
                if [.http, .grpc].contains(host.backendProtocol) {
                    rejections.append(
                        FieldRejection(
                            field: Annotation.backendProtocol.field, value: text,
                            explanation:
                                "expected https or grpcs, because the label \(IngressLabel.httpsBackend.rawValue) is \"true\"; the annotation applies"
                        ))
                }
            } else {
                host.backendProtocol = .https
            }
        }
        // gRPC is always HTTP/2.
        host.http2 = labels.isTrue(.http2) || host.backendProtocol.isGRPC
        isBlueGreen = labels.values[.deploymentMethod] == "bluegreen"
        if splitKey == nil, host.affinity { splitKey = .affinity }
        return rejections
    }

    /// Annotations with this program's prefix that do not exist.
    private static func unknownAnnotations(_ annotations: [String: String]) -> [FieldRejection] {
        annotations.keys.filter { name in
            name.hasPrefix(Annotation.prefix)
                && Annotation(rawValue: String(name.dropFirst(Annotation.prefix.count))) == nil
        }.sorted().map { name in
            FieldRejection(
                field: "metadata.annotations[\(name)]", value: annotations[name] ?? "",
                explanation: "expected one of \(Annotation.sorted.map(\.rawValue).joined(separator: ", "))")
        }
    }
}

/// The labels of one Ingress with valid values; others are rejected, as if they were absent.
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
                    FieldRejection(field: label.field, value: value, explanation: "expected \(expected)"))
            }
        }
    }

    func isTrue(_ label: IngressLabel) -> Bool { values[label] == "true" }
}
