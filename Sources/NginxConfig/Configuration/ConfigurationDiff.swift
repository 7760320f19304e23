public import KubernetesAPI
public import Routing

/// The differences between two configurations.
public struct ConfigurationDiff: Sendable, Equatable {
    /// A host that the two serve with different certificates.
    public struct CertificateChange: Sendable, Equatable {
        /// As the audit log writes it: `*` is the catch-all, `-` the default certificate.
        public var host: String
        public var verb: Change.Verb
        /// The new certificate, or the old one if the host has none now.
        public var certificate: ServedCertificate
    }

    /// An htpasswd file that only one of the two uses. New content of a file is not a change: nginx reads the file with
    /// each request.
    public struct HtpasswdChange: Sendable, Equatable {
        public var source: HtpasswdSource
        public var verb: Change.Verb

        package init(source: HtpasswdSource, verb: Change.Verb) {
            self.source = source
            self.verb = verb
        }
    }

    /// Hosts as the audit log writes them, sorted.
    public var added: [String] = []
    public var removed: [String] = []
    /// Hosts with another owner, other settings, routes or pods. A new certificate alone does not count.
    public var changed: [String] = []
    /// Sorted by host.
    public var certificates: [CertificateChange] = []
    /// Sorted by place.
    public var htpasswdFiles: [HtpasswdChange] = []

    /// - Parameter old: nil if nothing was served.
    public init(from old: Configuration?, to new: Configuration) {
        let old = old ?? Configuration()
        for (before, now) in HostPairs(old.table.hosts, new.table.hosts) {
            if let before, let now {
                if before != now || old.table.pods(of: before) != new.table.pods(of: now) {
                    changed.append("\(now.host)")
                }
            } else if let now {
                added.append("\(now.host)")
            } else if let before {
                removed.append("\(before.host)")
            }
            let change = Self.certificate(from: before.flatMap(old.certificate), to: now.flatMap(new.certificate))
            if let change, let host = (now ?? before)?.host {
                certificates.append(CertificateChange(host: "\(host)", verb: change.0, certificate: change.1))
            }
        }
        if let (verb, certificate) = Self.certificate(from: old.certificates.fallback, to: new.certificates.fallback) {
            certificates.append(
                CertificateChange(host: CertificateSet.fallbackName, verb: verb, certificate: certificate))
        }
        added.sort()
        removed.sort()
        changed.sort()
        certificates.sort { $0.host < $1.host }
        let (paths, next) = (Set(old.htpasswdFiles.map(\.source)), Set(new.htpasswdFiles.map(\.source)))
        htpasswdFiles = paths.symmetricDifference(next).sorted()
            .map { HtpasswdChange(source: $0, verb: next.contains($0) ? .added : .deleted) }
    }

    /// True if the old one refers to no file of a certificate or of users that the new one does not refer to.
    public var keepsSecretFiles: Bool {
        certificates.allSatisfy { $0.verb == .added } && htpasswdFiles.allSatisfy { $0.verb == .added }
    }

    /// Another version in Vault of the same certificate is not a change.
    private static func certificate(
        from old: ServedCertificate?, to new: ServedCertificate?
    ) -> (Change.Verb, ServedCertificate)? {
        switch (old, new) {
        case (nil, nil): nil
        case (let old?, let new?): old.addresses == new.addresses ? nil : (.modified, new)
        case (nil, let new?): (.added, new)
        case (let old?, nil): (.deleted, old)
        }
    }
}

extension Configuration {
    /// The certificate that is served for a host of the table.
    fileprivate func certificate(of host: VirtualHost) -> ServedCertificate? {
        host.settings.tls == nil ? nil : certificates.byHost[host.host]
    }
}
