internal import KubernetesAPI

/// The Kubernetes Secrets that `spec.tls[].secretName` names, where the operator permits it (`--kubernetes-secrets`).
enum TLSSecrets {
    /// The Secret of each host that a rule names: the one of its own name, else of the wildcard that covers it, else of
    /// an entry without hosts, which is for all (networking.k8s.io/v1 IngressTLS). With the label `ssl`, Vault has the
    /// certificates and no Secret is read.
    static func read(
        _ ingress: Ingress, _ settings: IngressSettings, _ options: RoutingOptions
    ) -> (secrets: [Host: ObjectName], rejections: [FieldRejection]) {
        guard options.kubernetesSecrets, settings.host.tls == nil else { return ([:], []) }
        var rejections: [FieldRejection] = []
        let hosts = ingress.namedHosts
        let covered = Set(hosts.flatMap { [$0, $0.coveringWildcard].compactMap { $0?.name } })
        var named: [String: ObjectName] = [:]
        var all: ObjectName?
        for (index, tls) in ingress.spec.tls.enumerated() {
            guard let secret = try? ObjectName(tls.secretKey(in: ingress)) else {
                rejections.append(
                    FieldRejection(
                        field: "spec.tls[\(index)].secretName", value: tls.secretName ?? "",
                        explanation:
                            "expected the name of a Secret, or the label \(IngressLabel.ssl.rawValue): \"true\" for a certificate from Vault"
                    ))
                continue
            }
            if tls.hosts.isEmpty { all = all ?? secret }
            for (position, text) in tls.hosts.enumerated() {
                let name = text.lowercased()
                if covered.contains(name) {
                    named[name] = named[name] ?? secret
                } else {
                    rejections.append(
                        FieldRejection(
                            field: "spec.tls[\(index)].hosts[\(position)]", value: text,
                            explanation: "expected a host of a rule of this Ingress"))
                }
            }
        }
        var secrets: [Host: ObjectName] = [:]
        for host in hosts {
            secrets[host] = named[host.name] ?? host.coveringWildcard.flatMap { named[$0.name] } ?? all
        }
        return (secrets, rejections)
    }
}

extension Ingress {
    /// The hosts that a certificate can be for.
    var namedHosts: Set<Host> {
        Set(spec.rules.prefix(SizeLimit.maximumRules).compactMap { try? Host($0.host) }).subtracting([.catchAll])
    }
}

extension Ingress.TLS {
    fileprivate func secretKey(in ingress: Ingress) -> ObjectKey {
        ObjectKey(namespace: ingress.metadata.namespace, name: secretName ?? "")
    }
}
