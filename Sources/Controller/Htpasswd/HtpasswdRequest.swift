internal import Basics
public import Logging
public import NginxConfig
public import Routing

/// The state of one wanted htpasswd file.
public typealias HtpasswdReport = SecretReport<HtpasswdRequest>

/// A wanted htpasswd file: a path in Vault.
public struct HtpasswdRequest: SecretRequest {
    public var subject: VaultPath

    public func hasSameSources(as other: Self) -> Bool { subject == other.subject }
    public func mayInherit(from previous: Self) -> Bool { false }
    public func mayUse(_ file: HtpasswdFile) -> Bool { true }

    public func metadata(_ file: HtpasswdFile?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["vault_path": "\(subject)"]
        metadata["version"] = file?.version.map { "\($0.number)" }
        return metadata
    }
}
