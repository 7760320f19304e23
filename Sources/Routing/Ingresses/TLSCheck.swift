internal import KubernetesAPI

/// The check that the TLS settings of an Ingress can take effect.
struct TLSCheck {
    let ingress: Ingress
    let settings: HostSettings
    let secrets: [Host: ObjectName]
    let options: RoutingOptions

    var rejections: [FieldRejection] {
        let hasTLS = settings.tls != nil || !secrets.isEmpty
        return (hasTLS ? catchAll : [])
            + (settings.tls == nil ? pathWithoutLabel + settingsWithoutTLS + hostsWithoutLabel : [])
    }

    /// The path of a certificate in Vault, which nothing reads without the label.
    private var pathWithoutLabel: [FieldRejection] {
        guard let path = settings.vaultPath else { return [] }
        return [
            FieldRejection(
                field: Annotation.vaultPath.field, value: path.text,
                explanation:
                    "expected the label \(IngressLabel.ssl.rawValue): \"true\" as well; without it no certificate is read from Vault"
            )
        ]
    }

    /// Requests for names that no Ingress claims have no certificate but the operator's.
    private var catchAll: [FieldRejection] {
        guard !options.hasDefaultCertificate else { return [] }
        let rule = ingress.spec.rules.prefix(SizeLimit.maximumRules).firstIndex { $0.host.isEmpty }
        guard ingress.spec.rules.isEmpty || rule != nil else { return [] }
        return [
            FieldRejection(
                field: rule.map { "spec.rules[\($0)].host" } ?? "spec.defaultBackend", value: "",
                explanation:
                    "expected a host name: the catch-all host has no certificate unless the operator sets --default-certificate"
            )
        ]
    }

    /// Labels and annotations that take effect over TLS only.
    private var settingsWithoutTLS: [FieldRejection] {
        var hosts = ""
        if !secrets.isEmpty {
            guard let bare = ingress.namedHosts.filter({ secrets[$0] == nil }).map(\.name).min() else { return [] }
            hosts = " for \(bare)"
        }
        var fields: [(name: String, value: String)] = []
        for label in [IngressLabel.http2, .httpsOnly] where ingress.metadata.labels[label.rawValue] == "true" {
            fields.append((label.field, "true"))
        }
        var annotations: [Annotation] = []
        if settings.backendProtocol.isGRPC { annotations.append(.backendProtocol) }
        if let redirect = settings.redirect, redirect != .httpsOnly { annotations.append(.redirectToHTTPS) }
        for annotation in annotations {
            fields.append(
                (annotation.field, ingress.metadata.annotations[annotation.name] ?? ""))
        }
        return fields.map {
            FieldRejection(
                field: $0.name, value: $0.value,
                explanation:
                    "expected the label \(IngressLabel.ssl.rawValue): \"true\" as well; without it there is no https\(hosts)"
            )
        }
    }

    /// Entries of `spec.tls`, which have no effect unless Secrets are read.
    private var hostsWithoutLabel: [FieldRejection] {
        guard !options.kubernetesSecrets else { return [] }
        return ingress.spec.tls.enumerated().flatMap { index, tls in
            let entry = "spec.tls[\(index)]"
            let fields =
                tls.hosts.isEmpty
                ? [(entry, tls.secretName ?? "")]
                : tls.hosts.enumerated().map { ("\(entry).hosts[\($0)]", $1) }
            return fields.map { field, value in
                FieldRejection(
                    field: field, value: value,
                    explanation:
                        "expected the label \(IngressLabel.ssl.rawValue): \"true\", which takes the certificate from Vault"
                )
            }
        }
    }
}
