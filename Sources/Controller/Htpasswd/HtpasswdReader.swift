internal import Basics
internal import Certificates
internal import Foundation
internal import Kubernetes
internal import NginxConfig
internal import Routing
internal import Vault

/// Reads htpasswd files: the field `htpasswd` of a secret in Vault, or the key `auth` of a Secret.
struct HtpasswdReader: Sendable {
    typealias Answer = SourceAnswer<ReadHtpasswd>

    private static let field = "htpasswd"
    /// As for ingress-nginx (`auth-secret`, type `auth-file`).
    private static let key = "auth"

    let vault: VaultClient?
    let cluster: KubernetesClient?

    /// The text of a problem names neither users nor hashes. It also does not name other fields of the secret, which
    /// may be user names.
    func read(_ source: HtpasswdSource, known: KnownSecret<HtpasswdFile>?) async -> Answer {
        switch source {
        case .vault(let path): await read(path, known: known)
        case .secret(let name): await read(name)
        }
    }

    private func read(_ name: ObjectName) async -> Answer {
        guard let cluster else {
            return .problem(SecretProblem(.unavailable, "expected --kubernetes-secrets with a cluster"))
        }
        do throws(KubernetesError) {
            guard let values = try await cluster.values(ofSecret: name.key) else { return .absent }
            return parse(values[Self.key], Self.key, source: .secret(name), version: nil)
        } catch {
            return .problem(SecretProblem(error, place: "Secret \(name)"))
        }
    }

    private func read(_ path: VaultPath, known: KnownSecret<HtpasswdFile>?) async -> Answer {
        guard let vault else { return .problem(.noVault) }
        do throws(VaultError) {
            switch try await vault.readSecret(path.text, unlessVersion: known?.stored.version) {
            case .unchanged: return .unchanged
            case .absent: return .absent
            case .found(let secret):
                return parse(secret.fields[Self.field], Self.field, source: .vault(path), version: secret.version)
            }
        } catch {
            return .problem(SecretProblem(error))
        }
    }

    private func parse(_ text: Secret?, _ field: String, source: HtpasswdSource, version: KVVersion?) -> Answer {
        guard let text else {
            let place = source.secret == nil ? "field" : "key"
            return .problem(SecretProblem(.invalid, "expected the \(place) \(field), found none"))
        }
        do {
            let htpasswd = try text.withUnsafeBytes { try Htpasswd(htpasswd: $0) }
            let digest = try ContentAddress(SHA256.hex(of: htpasswd.text))
            let file = HtpasswdFile(
                source: source, sha256: digest, version: version, skippedLines: htpasswd.skippedLines)
            return .found(
                ReadHtpasswd(file: file, htpasswd: htpasswd),
                fingerprint: "\(digest) \(version.map { "\($0)" } ?? "")")
        } catch {
            return .problem(SecretProblem(.invalid, "\(field), \(error)"))
        }
    }
}

/// A checked htpasswd file, and the file that it becomes.
public struct ReadHtpasswd: Sendable {
    let file: HtpasswdFile
    let htpasswd: Htpasswd
}
