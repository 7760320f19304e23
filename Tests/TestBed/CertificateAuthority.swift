public import Foundation

/// A certificate authority of the bed, made with openssl(1).
public struct CertificateAuthority: Sendable {
    /// The PEM files of a certificate and its key.
    public struct Pair: Sendable {
        public let certificate: URL
        public let key: URL
    }

    public let folder: URL
    /// The certificate of the authority, for clients.
    public let certificate: URL
    private let key: URL

    /// Makes the certificate of the authority in an existing folder.
    public init(folder: URL, commonName: String = "vault-ingress test authority") async throws {
        self.folder = folder
        certificate = folder.appending(path: "ca.crt")
        key = folder.appending(path: "ca.key")
        try await openssl(
            ["req", "-x509", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
                + ["-keyout", key.path, "-out", certificate.path, "-days", "2", "-subj", "/CN=\(commonName)"]
                + ["-addext", "keyUsage=critical,keyCertSign,cRLSign"])
    }

    /// Issues a leaf for servers and clients.
    ///
    /// - Parameters:
    ///   - organization: the group of the user, for the API server.
    ///   - names: subject alternative names, `DNS:a.example.com` or `IP:127.0.0.1`.
    ///   - days: the validity from now; negative for an expired certificate.
    ///   - newKey: the kind of key for openssl, such as `rsa:2048`.
    public func issue(
        _ commonName: String, organization: String? = nil, names: [String] = [], days: Int = 1,
        newKey: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    ) async throws -> Pair {
        let base = folder.appending(path: "leaf-\(UUID().uuidString.prefix(8).lowercased())").path
        let pair = Pair(certificate: URL(filePath: "\(base).crt"), key: URL(filePath: "\(base).key"))
        let subject = (organization.map { "/O=\($0)" } ?? "") + "/CN=\(commonName)"
        try await openssl(
            ["req", "-new", "-nodes", "-newkey"] + newKey
                + ["-keyout", pair.key.path, "-out", "\(base).csr", "-subj", subject])
        var extensions = "extendedKeyUsage=serverAuth,clientAuth\n"
        if !names.isEmpty { extensions += "subjectAltName=\(names.joined(separator: ","))\n" }
        try extensions.write(toFile: "\(base).ext", atomically: true, encoding: .utf8)
        try await openssl(
            ["x509", "-req", "-in", "\(base).csr", "-CA", certificate.path, "-CAkey", key.path]
                + ["-set_serial", String(UInt64.random(in: 1...UInt64(Int64.max))), "-days", String(days)]
                + ["-extfile", "\(base).ext", "-out", pair.certificate.path])
        return pair
    }

    private func openssl(_ arguments: [String]) async throws {
        try await ServerProcess.run(.init(try Tools.openssl, arguments), folder: folder)
    }
}
