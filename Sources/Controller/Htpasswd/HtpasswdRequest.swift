internal import Basics
public import Logging
public import NginxConfig
public import Routing

/// The state of one wanted htpasswd file.
public typealias HtpasswdReport = SecretReport<HtpasswdRequest>

/// A wanted htpasswd file: a path in Vault.
public struct HtpasswdRequest: SecretRequest {
    public var subject: VaultPath
    /// Sorted.
    public var owners: [OwnerRef]

    public init(subject: VaultPath, owners: [OwnerRef] = []) {
        self.subject = subject
        self.owners = owners
    }

    public var sources: [VaultPath] { [subject] }
    public var missing: SecretProblem { SecretProblem(.missing, "no secret at this path in Vault") }

    public func source(of file: HtpasswdFile) -> VaultPath { file.path }
    public func mayInherit(from previous: Self) -> Bool { false }
    public func mayUse(_ file: HtpasswdFile) -> Bool { true }

    public func metadata(_ file: HtpasswdFile?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["vault_path": "\(subject)"]
        metadata["version"] = file?.version.map { "\($0.number)" }
        return metadata
    }
}
