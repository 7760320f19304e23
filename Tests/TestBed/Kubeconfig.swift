public import Foundation

/// A kubeconfig for the bed's API server.
public enum Kubeconfig {
    public enum User: Sendable {
        case token(String)
        case tokenFile(URL)
        case clientCertificate(CertificateAuthority.Pair)
    }

    /// Writes a kubeconfig with a single context.
    ///
    /// - Parameter name: of the file in `folder`.
    public static func write(
        _ name: String = "kubeconfig", user: User, server: APIServer, folder: URL
    ) async throws -> URL {
        let credentials: JSON =
            switch user {
            case .token(let token): ["token": .string(token)]
            case .tokenFile(let file): ["tokenFile": .string(file.path)]
            case .clientCertificate(let pair):
                ["client-certificate": .string(pair.certificate.path), "client-key": .string(pair.key.path)]
            }
        let config: JSON = [
            "apiVersion": "v1", "kind": "Config", "current-context": "bed",
            "clusters": [
                [
                    "name": "bed",
                    "cluster": [
                        "server": .string(server.url),
                        "certificate-authority": .string(server.authority.certificate.path),
                    ],
                ]
            ],
            "contexts": [["name": "bed", "context": ["cluster": "bed", "user": "bed"]]],
            "users": [["name": "bed", "user": credentials]],
        ]
        let file = folder.appending(path: name)
        // JSON is YAML.
        try Data(try config.bytes).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return file
    }
}
