internal import KubernetesAPI

/// What labels, annotations and `spec.tls` say about all hosts of the Ingress.
extension IngressReader {
    mutating func readLabels() {
        let isTLS = flag(.ssl)
        let isHTTPSOnly = flag(.httpsOnly)
        let isHTTP2 = flag(.http2)
        let isHTTPSBackend = flag(.httpsBackend)
        isBlueGreen = value(.deploymentMethod) == "bluegreen"
        readAnnotations(isHTTPSBackend: isHTTPSBackend)
        if isTLS { settings.tls = .vault }
        if isHTTPSOnly, settings.redirect == nil { settings.redirect = .httpsOnly }
        // gRPC is always HTTP/2.
        settings.http2 = isHTTP2 || settings.backendProtocol.isGRPC
    }

    private mutating func readAnnotations(isHTTPSBackend: Bool) {
        var reader = AnnotationReader(ingress.metadata, basicAuthPrefix: options.basicAuthPrefix)
        settings = reader.settings()
        split = reader.split()
        if settings.affinity, split != nil, split?.key == nil { split?.key = .affinity }
        if isHTTPSBackend {
            if !reader.isPresent(.backendProtocol) {
                settings.backendProtocol = .https
            } else if [.http, .grpc].contains(settings.backendProtocol) {
                reader.reject(
                    .backendProtocol,
                    "the label \(IngressLabel.httpsBackend.rawValue) says https; the annotation counts")
            }
        }
        for problem in reader.problems {
            reject(
                "metadata.annotations[\(problem.annotation)]", problem.value, .invalidRule, problem.explanation)
        }
    }

    /// What is meant for TLS gets none without the label: that is told.
    mutating func checkTLS() {
        if settings.tls != nil || !secrets.isEmpty { checkCatchAll() }
        guard settings.tls == nil else { return }
        var hosts = ""
        if !secrets.isEmpty {
            guard let bare = namedHosts.filter({ secrets[$0] == nil }).map(\.name).min() else { return }
            hosts = " for \(bare)"
        }
        let beside =
            "expected the label \(IngressLabel.ssl.rawValue): \"true\" beside it: without, there is no https\(hosts)"
        for label in [IngressLabel.http2, .httpsOnly] where ingress.metadata.labels[label.rawValue] == "true" {
            reject("metadata.labels[\(label.rawValue)]", "true", .invalidRule, beside)
        }
        let isMeantForTLS = [
            Annotation.backendProtocol: settings.backendProtocol.isGRPC,
            .redirectToHTTPS: settings.redirect.map { $0 != .httpsOnly } ?? false,
        ]
        for annotation in Annotation.allCases where isMeantForTLS[annotation] == true {
            let value = ingress.metadata.annotations[annotation.name] ?? ""
            reject("metadata.annotations[\(annotation.name)]", value, .invalidRule, beside)
        }
        guard !options.kubernetesSecrets else { return }
        let label =
            "expected the label \(IngressLabel.ssl.rawValue): \"true\", by which its certificate is taken from Vault"
        for (index, tls) in ingress.spec.tls.enumerated() {
            if tls.hosts.isEmpty { reject("spec.tls[\(index)]", tls.secretName ?? "", .invalidRule, label) }
            for (position, host) in tls.hosts.enumerated() {
                reject("spec.tls[\(index)].hosts[\(position)]", host, .invalidRule, label)
            }
        }
    }

    /// Requests for names that nobody claims have no certificate but the operator's.
    private mutating func checkCatchAll() {
        guard !options.hasDefaultCertificate else { return }
        let rule = ingress.spec.rules.prefix(Self.maximumRules).firstIndex { $0.host.isEmpty }
        guard ingress.spec.rules.isEmpty || rule != nil else { return }
        reject(
            rule.map { "spec.rules[\($0)].host" } ?? "spec.defaultBackend", "", .invalidRule,
            "expected a host that a certificate can be for: without --default-certificate there is no https for all others"
        )
    }

    private mutating func flag(_ label: IngressLabel) -> Bool { value(label) == "true" }

    /// The label's value where it is one of those that are known; any other is refused, not guessed.
    private mutating func value(_ label: IngressLabel) -> String? {
        guard let value = ingress.metadata.labels[label.rawValue] else { return nil }
        guard label.values.contains(value) else {
            let expected = label.values.map { "\"\($0)\"" }.joined(separator: " or ")
            reject("metadata.labels[\(label.rawValue)]", value, .invalidRule, "expected \(expected)")
            return nil
        }
        return value
    }
}

extension Ingress {
    var backends: [Backend] {
        spec.rules.flatMap(\.paths).map(\.backend) + [spec.defaultBackend].compactMap { $0 }
    }
}
