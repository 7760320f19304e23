/// What the nginx at hand can do; asked in one place, from its version.
public struct NginxCapabilities: Sendable, Hashable {
    /// `http2 on` in a server (1.25.1); before, HTTP/2 is an option of the listener that all servers share.
    public var hasHTTP2PerServer: Bool
    /// Keys of session tickets are changed by themselves (1.23.2); before, they live as long as the generation.
    public var rotatesTicketKeys: Bool

    public init(hasHTTP2PerServer: Bool, rotatesTicketKeys: Bool) {
        self.hasHTTP2PerServer = hasHTTP2PerServer
        self.rotatesTicketKeys = rotatesTicketKeys
    }
}
