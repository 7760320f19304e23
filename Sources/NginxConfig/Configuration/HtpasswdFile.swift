public import Routing

/// An htpasswd file as it lies on disk for nginx.
public struct HtpasswdFile: Sendable, Hashable, Codable {
    /// The path in Vault that the file was read from.
    public var path: VaultPath
    /// The digest of the file; nil if it is not known.
    public var sha256: ContentAddress?
    /// The version of the secret in KV 2.
    public var version: Int?

    public init(path: VaultPath, sha256: ContentAddress? = nil, version: Int? = nil) {
        self.path = path
        self.sha256 = sha256
        self.version = version
    }
}

/// The path of the htpasswd file of a host, as nginx reads it: the path in Vault with commas for slashes.
struct HtpasswdFileName: ConfigurationValue {
    let folder: AbsolutePath
    let path: VaultPath

    var configurationText: String { "\(folder)/\(path.fileName)" }
}

extension VaultPath {
    /// A path in Vault contains no comma.
    public var fileName: String { text.replacing("/", with: ",") }
}
