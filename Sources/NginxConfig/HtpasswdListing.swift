public import Routing

/// The lists of users that a generation lets in, a path a line: which files are still needed.
extension ConfigurationFiles {
    public static let htpasswdListing = "users.txt"

    public var htpasswdFiles: Set<VaultPath> {
        Set((contents[Self.htpasswdListing] ?? "").split(separator: "\n").compactMap { try? VaultPath(String($0)) })
    }

    static func htpasswdListing(of table: RoutingTable) -> String {
        Set(table.hosts.compactMap(\.settings.basicAuth?.users)).sorted().map { "\($0)\n" }.joined()
    }
}

/// The file of a list: its path, which has no commas, with commas for slashes.
struct HtpasswdFile: ConfigurationValue {
    let folder: AbsolutePath
    let path: VaultPath

    var configurationText: String { "\(folder)/\(path.fileName)" }
}

extension VaultPath {
    public var fileName: String { text.replacing("/", with: ",") }
}
