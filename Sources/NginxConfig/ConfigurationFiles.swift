/// The files of one generation that depend on nothing but the input: equal input, equal bytes.
public struct ConfigurationFiles: Sendable, Equatable {
    /// Text by file name.
    public var contents: [String: String]

    public init(contents: [String: String]) {
        self.contents = contents
    }

    /// The main file, which nginx is started with.
    public static let main = "nginx.conf"
    /// The file that tells generations apart; the only one that differs when nothing else does.
    public static let marker = "generation.conf"
}
