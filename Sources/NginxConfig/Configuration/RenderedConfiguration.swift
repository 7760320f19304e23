/// A configuration with the `nginx.conf` that the templates make of it.
public struct RenderedConfiguration: Sendable, Equatable {
    public var configuration: Configuration
    /// The text of the main file, with which nginx is started.
    public let main: String

    public init(_ configuration: Configuration, main: String) {
        self.configuration = configuration
        self.main = main
    }

    /// True if nginx serves the same with both. A new version in Vault of the same certificate, for example, changes
    /// the configuration and not the main file.
    public func isServedLike(_ other: RenderedConfiguration?) -> Bool { main == other?.main }
}

/// The names of the files in the folder of a generation.
public enum GenerationFile {
    public static let main = "nginx.conf"
    /// The number of the generation: the only file that always differs.
    public static let marker = "generation.conf"
    /// The `Configuration`, for the controller.
    public static let configuration = "generation.json"

    // For people who compare generations. No code reads them.
    static let routes = "routes.txt"
    static let certificates = "certificates.txt"
    static let htpasswdFiles = "users.txt"
}

extension RenderedConfiguration {
    /// The files of the generation that nginx does not read, by name.
    ///
    /// - Throws: `EncodingError`.
    public func descriptions() throws -> [String: [UInt8]] {
        var files = listings.mapValues { Array($0.utf8) }
        files[GenerationFile.configuration] = try configuration.json()
        return files
    }

    /// The files for people.
    package var listings: [String: String] {
        [
            GenerationFile.routes: RouteListing.text(of: configuration.table),
            GenerationFile.certificates: CertificateListing.text(of: configuration),
            GenerationFile.htpasswdFiles: configuration.htpasswdFiles.map { "\($0.source)\n" }.joined(),
        ]
    }
}
