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
        let (old, hosts) = (old ?? Configuration(), new.byHost)
        let before = old.byHost
        added = hosts.keys.filter { before[$0] == nil }.map(\.description).sorted()
        removed = before.keys.filter { hosts[$0] == nil }.map(\.description).sorted()
        changed = hosts.filter { host, now in
            before[host].map { $0.virtualHost != now.virtualHost || $0.pods != now.pods } ?? false
        }.keys.map(\.description).sorted()
        certificates = Self.certificates(from: old.servedCertificates, to: new.servedCertificates)
        let (paths, next) = (Set(old.htpasswdFiles.map(\.source)), Set(new.htpasswdFiles.map(\.source)))
        htpasswdFiles = paths.symmetricDifference(next).sorted()
            .map { HtpasswdChange(source: $0, verb: next.contains($0) ? .added : .deleted) }
    }

    /// True if both refer to the same files of certificates and users.
    public var keepsSecretFiles: Bool { certificates.isEmpty && htpasswdFiles.isEmpty }

    /// Another version in Vault of the same certificate is not a change.
    private static func certificates(
        from old: [String: ServedCertificate], to new: [String: ServedCertificate]
    ) -> [CertificateChange] {
        let present = new.compactMap { host, certificate -> CertificateChange? in
            guard let last = old[host] else {
                return CertificateChange(host: host, verb: .added, certificate: certificate)
            }
            guard last.addresses != certificate.addresses else { return nil }
            return CertificateChange(host: host, verb: .modified, certificate: certificate)
        }
        let gone = old.filter { new[$0.key] == nil }
            .map { CertificateChange(host: $0.key, verb: .deleted, certificate: $0.value) }
        return (present + gone).sorted { $0.host < $1.host }
    }
}
