public import Routing

/// What the configuration needs to know besides the routing table.
public struct NginxSettings: Sendable, Equatable {
    public var httpPort: ServicePort
    public var httpsPort: ServicePort
    public var capabilities: NginxCapabilities
    /// How long browsers are told to insist on https (RFC 6797 §6.1.1); nil for not at all.
    public var hsts: Duration?
    /// Where certificates lie; a generation only refers to them.
    public var certificateFolder: AbsolutePath
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
    /// Where the lists of users lie that workers read; they cannot enter the folder of the certificates.
    public var htpasswdFolder: AbsolutePath { temporaryFolder.appending("users") }

    public init(
        httpPort: ServicePort, httpsPort: ServicePort, capabilities: NginxCapabilities, hsts: Duration?,
        certificateFolder: AbsolutePath, listenIPv6: Bool, resolver: AddressAndPort, workerUser: AccountName?,
        openFiles: Int, pidFile: AbsolutePath, socket: AbsolutePath, emergencyLog: AbsolutePath,
        temporaryFolder: AbsolutePath
    ) {
        self.httpPort = httpPort
        self.httpsPort = httpsPort
        self.capabilities = capabilities
        self.hsts = hsts
        self.certificateFolder = certificateFolder
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
