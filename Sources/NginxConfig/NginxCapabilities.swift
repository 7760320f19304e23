/// The features of the nginx binary, derived from its version in one place.
public struct NginxCapabilities: Sendable, Hashable {
    /// `http2 on` in a server (1.25.1); older versions have a parameter of the listener, which all servers share.
    public var hasHTTP2PerServer: Bool
    /// nginx rotates the keys of session tickets (1.23.2); in older versions the keys do not change until the next
    /// reload.
    public var rotatesTicketKeys: Bool

    /// `keepalive_min_timeout` (1.27.4); older versions close idle connections of clients at a reload, also those on which
    /// a request is on its way.
    public var keepsIdleConnections: Bool

    /// `ssl_certificate_cache` (1.27.4); older versions read and parse a certificate that a variable names in each handshake.
    public var cachesCertificates: Bool

    /// `resolve` of a server in an upstream block (1.27.3).
    public var resolvesServers: Bool
    /// `pcre_jit`: nginx compiles regular expressions. Depends on the build, not on the version.
    public var compilesPatterns = false

    public init(
        hasHTTP2PerServer: Bool, rotatesTicketKeys: Bool, keepsIdleConnections: Bool, cachesCertificates: Bool,
        resolvesServers: Bool = false
    ) {
        self.hasHTTP2PerServer = hasHTTP2PerServer
        self.rotatesTicketKeys = rotatesTicketKeys
        self.keepsIdleConnections = keepsIdleConnections
        self.cachesCertificates = cachesCertificates
        self.resolvesServers = resolvesServers
    }
}
