public import Basics
public import Routing

/// An htpasswd file on disk that nginx's workers read. It holds a digest, never the content.
public struct HtpasswdFile: Sendable, Hashable, Codable {
    /// The place that it comes from, which the name of the file is made from.
    public var source: HtpasswdSource
    /// The SHA-256 of the file; nil if an earlier run wrote it and Vault has not confirmed it yet.
    public var sha256: ContentAddress?
    /// The version in KV 2.
    public var version: KVVersion?
    /// The numbers of the lines that are left out, because their hashes take too long. Not part of `generation.json`: the
    /// file is read again at startup.
    public var skippedLines: [Int] = []

    private enum CodingKeys: String, CodingKey {
        case source = "path"
        case sha256
        // An earlier build wrote the number alone as `version`.
        case version = "kvVersion"
    }

    public init(path: VaultPath, sha256: ContentAddress? = nil, version: KVVersion? = nil, skippedLines: [Int] = []) {
        self.init(source: .vault(path), sha256: sha256, version: version, skippedLines: skippedLines)
    }

    public init(
        source: HtpasswdSource, sha256: ContentAddress? = nil, version: KVVersion? = nil, skippedLines: [Int] = []
    ) {
        self.source = source
        self.sha256 = sha256
        self.version = version
        self.skippedLines = skippedLines
    }
}

/// The path of the htpasswd file of a host, as nginx reads it: the place with commas for slashes.
struct HtpasswdFileName: ConfigurationValue {
    let folder: AbsolutePath
    let source: HtpasswdSource

    var configurationText: String { "\(folder)/\(source.fileName)" }
}

extension HtpasswdSource {
    /// Neither a path in Vault nor the name of a Secret contains a comma.
    public var fileName: String { text.replacing("/", with: ",") }
}
