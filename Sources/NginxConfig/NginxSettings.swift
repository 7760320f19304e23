public import Routing

/// The operator's settings that nginx's configuration depends on.
public struct NginxSettings: Sendable, Equatable {
    public var httpPort: ServicePort
    public var httpsPort: ServicePort
    public var capabilities: NginxCapabilities
    public var servers: ServerForm
    public var certificateLoading: CertificateLoading
    /// The max-age of `Strict-Transport-Security` (RFC 6797 §6.1.1) for hosts without the annotation; nil for no
    /// header.
    public var hsts: Duration?
    public var installationID: InstallationID
    public var requestHeaders: RequestHeaderLimits
    /// The folder of the certificates, which generations refer to.
    public var certificateFolder: AbsolutePath
    /// The folder with a link to the certificate of each host, through which nginx reads it in the handshake.
    public var certificateLinks: AbsolutePath
    /// True if nginx listens on IPv6.
    public var listenIPv6: Bool
    /// The local dnsmasq, with which nginx resolves the names of backends.
    public var resolver: AddressAndPort
    /// The account of the workers; nil if nginx is not started as root, where the directive would cause a warning.
    public var workerUser: AccountName?
    /// The number of files that a worker may have open. A proxied request takes two.
    public var openFiles: Int
    /// The maximum number of connections of a worker, with clients and with pods. Each takes 0.4 KB from the start, used or not.
    public var workerConnections: Int
    public var pidFile: AbsolutePath
    /// The unix socket that answers with the number of the live generation.
    public var socket: AbsolutePath
    /// The file in which nginx writes why it could not start or reload.
    public var emergencyLog: AbsolutePath
    /// The folder of request and response bodies that do not fit in memory.
    public var temporaryFolder: AbsolutePath
    /// The folder of the htpasswd files. Workers read them, and cannot enter the folder of the certificates.
    public var htpasswdFolder: AbsolutePath { temporaryFolder.appending("users") }

    public init(
        httpPort: ServicePort, httpsPort: ServicePort, capabilities: NginxCapabilities, hsts: Duration?,
        installationID: InstallationID, certificateFolder: AbsolutePath, certificateLinks: AbsolutePath,
        listenIPv6: Bool, resolver: AddressAndPort,
        workerUser: AccountName?,
        openFiles: Int, pidFile: AbsolutePath, socket: AbsolutePath, emergencyLog: AbsolutePath,
        temporaryFolder: AbsolutePath, requestHeaders: RequestHeaderLimits = .standard,
        workerConnections: Int = 512, servers: ServerForm = .shared, certificateLoading: CertificateLoading = .static
    ) {
        self.httpPort = httpPort
        self.httpsPort = httpsPort
        self.capabilities = capabilities
        self.hsts = hsts
        self.installationID = installationID
        self.certificateFolder = certificateFolder
        self.certificateLinks = certificateLinks
        self.listenIPv6 = listenIPv6
        self.resolver = resolver
        self.workerUser = workerUser
        self.openFiles = openFiles
        self.workerConnections = workerConnections
        self.pidFile = pidFile
        self.socket = socket
        self.emergencyLog = emergencyLog
        self.temporaryFolder = temporaryFolder
        self.requestHeaders = requestHeaders
        self.servers = servers
        self.certificateLoading = certificateLoading
    }
}
