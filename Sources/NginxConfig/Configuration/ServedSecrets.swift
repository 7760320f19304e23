/// The secrets of one configuration: which files nginx reads, never their content.
public struct ServedSecrets: Sendable, Equatable {
    public var certificates: CertificateSet
    /// Sorted by path.
    public var htpasswdFiles: [HtpasswdFile]

    public init(certificates: CertificateSet = CertificateSet(), htpasswdFiles: [HtpasswdFile] = []) {
        self.certificates = certificates
        self.htpasswdFiles = htpasswdFiles
    }
}

extension Configuration {
    /// The secrets that are served.
    public var secrets: ServedSecrets { ServedSecrets(certificates: certificates, htpasswdFiles: htpasswdFiles) }
}
