public import Routing

/// What the configuration needs to know besides the routing table.
public struct NginxSettings: Sendable, Equatable {
    public var httpPort: ServicePort
    /// Whether the machine has IPv6 to listen on.
    public var listenIPv6: Bool
    /// The local dnsmasq: what nginx asks for the address of a backend.
    public var resolver: AddressAndPort
    /// What workers run as; nil when nginx is not started as root and the directive would only be a warning.
    public var workerUser: AccountName?
    /// How many files a worker may have open; a proxied request takes two, a log and a listener a few.
    public var openFiles: Int
    public var pidFile: AbsolutePath
    /// The unix socket that answers the live generation's number.
    public var socket: AbsolutePath
    /// Where nginx writes why it could not start or reload.
    public var emergencyLog: AbsolutePath
    /// Where workers keep request and response bodies that do not fit in memory.
    public var temporaryFolder: AbsolutePath

    public init(
        httpPort: ServicePort, listenIPv6: Bool, resolver: AddressAndPort, workerUser: AccountName?,
        openFiles: Int, pidFile: AbsolutePath, socket: AbsolutePath, emergencyLog: AbsolutePath,
        temporaryFolder: AbsolutePath
    ) {
        self.httpPort = httpPort
        self.listenIPv6 = listenIPv6
        self.resolver = resolver
        self.workerUser = workerUser
        self.openFiles = openFiles
        self.pidFile = pidFile
        self.socket = socket
        self.emergencyLog = emergencyLog
        self.temporaryFolder = temporaryFolder
    }
}
