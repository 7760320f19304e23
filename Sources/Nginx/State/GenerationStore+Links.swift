internal import Glibc
public import NginxConfig

/// The links to the certificates that nginx reads in the handshake, and the record of those that have replaced the
/// certificates of the live generation.
extension GenerationStore {
    /// Creates the folder of certificates. With dynamic loading, nginx's workers may read it, and there are links.
    ///
    /// - Parameter workerUser: the account of the workers; nil for that of this process.
    /// - Throws: `FileError` if a folder cannot be prepared, or if the workers cannot enter a folder above the state folder.
    public func certificateFolder(
        _ loading: CertificateLoading, workerUser: AccountName?
    ) throws(FileError) -> CertificateFolder {
        let group = loading == .dynamic ? WorkerGroup.identifier(of: workerUser) : nil
        if let group, let obstacle = WorkerGroup.obstacle(to: state.root, for: group) {
            throw FileError(
                operation: "let nginx's workers read certificates (--certificate-loading dynamic): they cannot enter",
                path: obstacle, code: EACCES)
        }
        let folder = CertificateFolder(state: state, group: group)
        try folder.prepare()
        try Self.restrict(state.root.text, to: group)
        guard loading == .dynamic else { return folder }
        workerGroup = group
        try makeLinks()
        return folder
    }

    private func makeLinks() throws(FileError) {
        try Folder.make(state.certificateLinks.text, mode: 0o700)
        try Self.restrict(state.root.text, to: workerGroup)
        try Self.restrict(state.certificateLinks.text, to: workerGroup)
        links = try CertificateLinks(state: state)
    }

    /// The certificate to which the link of a host leads; nil if there is none.
    func linked(_ name: String) -> ContentAddress? { links?[name] }

    /// The PEM of the first certificate of a chain.
    ///
    /// - Throws: `FileError` if the file cannot be read.
    func leaf(of address: ContentAddress) throws(FileError) -> [UInt8] {
        let path = "\(state.certificates)/\(address).crt"
        let chain = try OpenFile(path, flags: O_RDONLY, operation: "open").readAll()
        return Array(chain[..<(chain.firstRange(of: "-----END CERTIFICATE-----".utf8)?.upperBound ?? chain.endIndex)])
    }

    /// - Throws: `FileError`; the old link stays.
    func link(_ name: String, to address: ContentAddress) throws(FileError) { try links?.set(name, address) }

    /// Changes the links that lead to other certificates. Does nothing if nginx reads certificates when it starts.
    ///
    /// - Throws: `FileError`; the links after that one stay.
    public func link(_ certificates: [String: ServedCertificate]) throws(FileError) {
        // The folders may have been removed.
        if links != nil, access(state.certificateLinks.text, F_OK) != 0 { try makeLinks() }
        for (name, certificate) in certificates { try links?.set(name, certificate.address) }
    }

    /// Removes the links of other hosts.
    public func removeLinks(except names: Set<String>) {
        links?.removeAll(except: names)
    }

    private static func restrict(_ path: String, to group: gid_t?) throws(FileError) {
        try OpenFile(path, flags: O_RDONLY | O_DIRECTORY, operation: "open")
            .restrict(to: group ?? getegid(), mode: group == nil ? 0o700 : 0o710)
    }
}
