internal import Kubernetes

/// `spec.tls[].secretName`, where the operator lets Secrets be read (`--kubernetes-secrets`).
extension IngressReader {
    /// What the host needs; its certificate is taken from the Secret that `spec.tls` names for it.
    func needs(of host: Host) -> HostNeeds {
        guard let secret = secrets[host] else { return needs }
        var needs = needs
        needs.tls = true
        needs.secret = secret
        return needs
    }

    /// The Secret of each host that a rule names: of its own name, else of the wildcard that covers it, else of an
    /// entry without hosts, which is for all (networking.k8s.io/v1 IngressTLS). The label `ssl` means Vault.
    mutating func readSecrets() {
        guard options.kubernetesSecrets, !needs.tls else { return }
        let hosts = Set(ingress.spec.rules.compactMap { try? Host($0.host) })
        for (index, tls) in ingress.spec.tls.enumerated() {
            guard let secret = secretName(tls, "spec.tls[\(index)].secretName") else { continue }
            for (position, text) in tls.hosts.enumerated() {
                let covered = hosts.filter {
                    $0.name == text.lowercased() || $0.coveringWildcard?.name == text.lowercased()
                }
                if covered.isEmpty {
                    reject(
                        "spec.tls[\(index)].hosts[\(position)]", text, .invalidRule,
                        "expected a host that a rule of this Ingress names")
                }
                for host in covered where secrets[host] == nil || host.name == text.lowercased() {
                    secrets[host] = secret
                }
            }
            if tls.hosts.isEmpty {
                for host in hosts where secrets[host] == nil { secrets[host] = secret }
            }
        }
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
