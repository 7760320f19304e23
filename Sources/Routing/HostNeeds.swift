/// What the labels and annotations of an Ingress ask for, for all its hosts.
public struct HostNeeds: Sendable, Hashable, Codable {
    /// `ssl`: a certificate, and the host over TLS.
    public var tls: Bool
    /// The Secret that its certificate is in; nil is Vault.
    public var secret: ObjectName?
    /// `httpsOnly`: nothing in clear but a redirect, with or without a certificate.
    public var httpsOnly: Bool
    /// `http2`: HTTP/2 over TLS.
    public var http2: Bool

    public var settings: HostSettings

    public init(
        tls: Bool = false, httpsOnly: Bool = false, http2: Bool = false, settings: HostSettings = HostSettings()
    ) {
        self.tls = tls
        self.httpsOnly = httpsOnly
        self.http2 = http2
        self.settings = settings
    }

    /// The names as they stand in labels, sorted; for a person to read.
    public var names: [String] {
        [(http2, "http2"), (httpsOnly, "httpsOnly"), (tls, "ssl")].filter(\.0).map(\.1)
    }
}
