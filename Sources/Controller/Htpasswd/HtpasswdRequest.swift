internal import Basics
public import Logging
public import NginxConfig
public import Routing

/// The state of one wanted htpasswd file.
public typealias HtpasswdReport = SecretReport<HtpasswdRequest>

/// A wanted htpasswd file.
public struct HtpasswdRequest: SecretRequest {
    public var subject: HtpasswdSource
    /// Sorted.
    public var owners: [OwnerRef]

    public init(subject: HtpasswdSource, owners: [OwnerRef] = []) {
        self.subject = subject
        self.owners = owners
    }

    public var sources: [HtpasswdSource] { [subject] }
    public var missing: SecretProblem {
        SecretProblem(.missing, subject.secret == nil ? "no secret at this path in Vault" : "no Secret of that name")
    }

    public func source(of file: HtpasswdFile) -> HtpasswdSource { file.source }
    public func mayInherit(from previous: Self) -> Bool { false }
    public func mayUse(_ file: HtpasswdFile) -> Bool { true }

    public func metadata(_ file: HtpasswdFile?) -> Logger.Metadata {
        var metadata: Logger.Metadata =
            switch subject {
            case .vault(let path): ["vault_path": "\(path)"]
            case .secret: ["source": "\(subject)"]
            }
        metadata["version"] = file?.version.map { "\($0.number)" }
        return metadata
    }
}
