import Foundation
import Subprocess

/// PEM certificates made with openssl(1) in a folder.
struct Certificates: Sendable {
    let folder: URL

    struct Pair: Sendable {
        let certificate: URL
        let key: URL

        func bytes() throws -> (certificate: [UInt8], key: [UInt8]) {
            (Array(try Data(contentsOf: certificate)), Array(try Data(contentsOf: key)))
        }
    }

    /// A self-signed authority.
    func authority(_ name: String) async throws -> Pair {
        try await make(name, extensions: "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign", arguments: [])
    }

    /// A leaf for `names`, such as `DNS:localhost` or `IP:127.0.0.1`.
    func leaf(_ name: String, names: String = "DNS:client", by authority: Pair) async throws -> Pair {
        try await make(
            name, extensions: "basicConstraints=CA:FALSE\nsubjectAltName=\(names)",
            arguments: ["-CA", authority.certificate.path, "-CAkey", authority.key.path])
    }

    /// The key, encrypted with an unknown passphrase.
    func encrypted(_ key: URL) async throws -> URL {
        let encrypted = key.appendingPathExtension("encrypted")
        try await openssl(["pkcs8", "-topk8", "-in", key.path, "-out", encrypted.path, "-passout", "pass:unknown"])
        return encrypted
    }

    /// Makes `folder` an OpenSSL hashed directory.
    func hashedDirectory(of authority: Pair) async throws -> URL {
        let directory = folder.appending(path: "hashed")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: authority.certificate, to: directory.appending(path: "ca.pem"))
        try await openssl(["rehash", directory.path])
        return directory
    }

    private func make(_ name: String, extensions: String, arguments: [String]) async throws -> Pair {
        let pair = Pair(
            certificate: folder.appending(path: "\(name).crt"), key: folder.appending(path: "\(name).key"))
        let config = folder.appending(path: "\(name).cnf")
        try Data("[req]\ndistinguished_name=dn\n[dn]\n[v3]\n\(extensions)\n".utf8).write(to: config)
        try await openssl(
            ["req", "-x509", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
                + ["-config", config.path, "-extensions", "v3", "-subj", "/CN=\(name)", "-days", "2"]
                + ["-keyout", pair.key.path, "-out", pair.certificate.path] + arguments)
        return pair
    }

    private func openssl(_ arguments: [String]) async throws {
        let result = try await run(
            .name("openssl"), arguments: .init(arguments), output: .discarded, error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw FixtureError("openssl \(arguments.first ?? ""): \(result.standardError)")
        }
    }
}

struct FixtureError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
