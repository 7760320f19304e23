internal import KubernetesAPI

/// `spec.tls[].secretName`, where the operator lets Secrets be read (`--kubernetes-secrets`).
extension IngressReader {
    /// The settings of the host; its certificate is taken from the Secret that `spec.tls` names for it.
    func settings(of host: Host) -> HostSettings {
        guard let secret = secrets[host] else { return settings }
        var settings = settings
        settings.tls = .secret(secret)
        return settings
    }

    /// The Secret of each host that a rule names: of its own name, else of the wildcard that covers it, else of an
    /// entry without hosts, which is for all (networking.k8s.io/v1 IngressTLS). The label `ssl` means Vault.
    mutating func readSecrets() {
        guard options.kubernetesSecrets, settings.tls == nil else { return }
        let hosts = namedHosts
        let covered = Set(hosts.flatMap { [$0, $0.coveringWildcard].compactMap { $0?.name } })
        var named: [String: ObjectName] = [:]
        var all: ObjectName?
        for (index, tls) in ingress.spec.tls.enumerated() {
            guard let secret = secretName(tls, "spec.tls[\(index)].secretName") else { continue }
            if tls.hosts.isEmpty { all = all ?? secret }
            for (position, text) in tls.hosts.enumerated() {
                let name = text.lowercased()
                if covered.contains(name) {
                    named[name] = named[name] ?? secret
                } else {
                    reject(
                        "spec.tls[\(index)].hosts[\(position)]", text, .invalidRule,
                        "expected a host that a rule of this Ingress names")
                }
            }
        }
        for host in hosts {
            secrets[host] = named[host.name] ?? host.coveringWildcard.flatMap { named[$0.name] } ?? all
        }
    }

    /// The hosts that a certificate can be for.
    var namedHosts: Set<Host> {
        Set(ingress.spec.rules.prefix(Self.maximumRules).compactMap { try? Host($0.host) }).subtracting([.catchAll])
    }

    private mutating func secretName(_ tls: Ingress.TLS, _ field: String) -> ObjectName? {
        let name = tls.secretName ?? ""
        do throws(InvalidValue) {
            return try ObjectName(ObjectKey(namespace: ingress.metadata.namespace, name: name))
        } catch {
            reject(
                field, name, .invalidRule,
                "expected the name of a Secret, or the label \(IngressLabel.ssl.rawValue): \"true\" for Vault's certificate"
            )
            return nil
        }
    }
}
