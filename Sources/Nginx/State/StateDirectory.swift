public import NginxConfig

/// The state folder: generations, certificates and sockets.
public struct StateDirectory: Sendable, Hashable {
    public let root: AbsolutePath

    public init(_ root: AbsolutePath) {
        self.root = root
    }

    public var generations: AbsolutePath { root.appending("generations") }
    public var certificates: AbsolutePath { root.appending("certificates") }
    /// The folder with a link to the certificate of each host.
    public var certificateLinks: AbsolutePath { root.appending("live") }
    /// The certificates that have replaced those of the live generation.
    public var rotations: AbsolutePath { root.appending("rotations.json") }
    /// The link to the live generation.
    public var current: AbsolutePath { root.appending("current") }
    public var pidFile: AbsolutePath { root.appending("nginx.pid") }
    public var socket: AbsolutePath { root.appending("nginx.sock") }
    /// The log in which nginx writes why it could not start or reload.
    public var emergencyLog: AbsolutePath { root.appending("nginx-emergency.log") }
    /// The named pipe that is nginx's standard error.
    public var messagePipe: AbsolutePath { root.appending("nginx-messages") }
    /// The file that nginx is started with. The path leads through the link, so that a reload reads the live
    /// generation.
    public var mainFile: String { "\(current)/\(GenerationFile.main)" }
}

/// One folder below `generations/`.
public struct Generation: Sendable, Hashable {
    /// Starts at 1 and increases by one with each attempt.
    public let number: Int
    public let folder: String
    private let name: String

    init(number: Int, in state: StateDirectory) {
        let digits = String(number)
        self.number = number
        name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        folder = "\(state.generations)/\(name)"
    }

    /// A configuration that is tested and never becomes a generation.
    init(dryRunIn state: StateDirectory) {
        number = 0
        name = "dry-run"
        folder = "\(state.root)/dry-run"
    }

    var mainFile: String { "\(folder)/\(GenerationFile.main)" }
    /// The link's target, relative, so that it stays valid if the state folder is moved or mounted elsewhere.
    var linkTarget: String { "generations/\(name)" }
}
