public import Routing

/// The lists of users that a generation lets in, a path a line: which files are still needed.
extension ConfigurationFiles {
    public static let userListing = "users.txt"

    public var userLists: Set<VaultPath> {
        Set((contents[Self.userListing] ?? "").split(separator: "\n").compactMap { try? VaultPath(String($0)) })
    }

    static func userListing(of table: RoutingTable) -> String {
        Set(table.hosts.compactMap(\.needs.settings.basicAuth?.users)).sorted().map { "\($0)\n" }.joined()
    }
}

/// The file of a list: its path, which has no commas, with commas for slashes.
struct UserListFile: ConfigurationValue {
    let folder: AbsolutePath
    let path: VaultPath

    var configurationText: String { "\(folder)/\(path.fileName)" }
}

extension VaultPath {
    public var fileName: String { text.replacing("/", with: ",") }
}
