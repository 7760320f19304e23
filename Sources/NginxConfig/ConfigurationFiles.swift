/// The files of one generation that depend on nothing but the input: equal input, equal bytes.
public struct ConfigurationFiles: Sendable, Equatable {
    /// Text by file name.
    public var contents: [String: String]

    public init(contents: [String: String]) {
        self.contents = contents
    }

    /// Whether nginx would do the same with both. The listings beside its own file are for people and for the
    /// controller; a new version in Vault of the same certificate changes nothing else.
    public func isServedLike(_ other: ConfigurationFiles?) -> Bool {
        contents[Self.main] == other?.contents[Self.main]
    }

    /// The main file, which nginx is started with.
    public static let main = "nginx.conf"
    /// The file that tells generations apart; the only one that differs when nothing else does.
    public static let marker = "generation.conf"
}
