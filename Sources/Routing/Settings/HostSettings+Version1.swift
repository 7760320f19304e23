/// The settings of a host as version 0.1.0 wrote them to `last-good.json`, under the key `needs`.
package struct HostSettingsVersion1: Decodable {
    package let settings: HostSettings

    /// The labels, with the annotations in an object of their own.
    private struct Needs: Decodable {
        let tls: Bool
        let secret: ObjectName?
        let httpsOnly: Bool
        let http2: Bool
        let settings: Annotations
    }

    private struct Annotations: Decodable {
        let bodySize: ByteSize?
        let connectTimeout: Duration?
        let readTimeout: Duration?
        let sendTimeout: Duration?
        let buffering: Bool?
        let allowFrom: [AddressRange]?
        let rateLimit: RequestRate?
        let hsts: StrictTransport?
        let redirectStatus: Int?
        let backendProtocol: BackendProtocol
        let appRoot: RequestPath?
        let rewritePrefix: RequestPath?
        let basicAuth: BasicAuth?
        let affinity: Bool
    }

    /// - Throws: `DecodingError`, or `InvalidValue` for a value that its type does not allow.
    package init(from decoder: any Decoder) throws {
        let needs = try Needs(from: decoder)
        let annotations = needs.settings
        var settings = HostSettings()
        if needs.tls { settings.tls = needs.secret.map(CertificateOrigin.secret) ?? .vault }
        settings.http2 = needs.http2
        // The status had no effect without `httpsOnly`.
        if needs.httpsOnly {
            settings.redirect = annotations.redirectStatus.flatMap { HTTPSRedirect(rawValue: "\($0)") } ?? .httpsOnly
        }
        settings.backendProtocol = annotations.backendProtocol
        settings.bodySize = annotations.bodySize
        settings.connectTimeout = annotations.connectTimeout
        settings.readTimeout = annotations.readTimeout
        settings.sendTimeout = annotations.sendTimeout
        settings.buffering = annotations.buffering
        settings.allowFrom = annotations.allowFrom
        settings.rateLimit = annotations.rateLimit
        settings.hsts = annotations.hsts
        settings.appRoot = annotations.appRoot
        settings.rewritePrefix = annotations.rewritePrefix
        settings.basicAuth = annotations.basicAuth
        settings.affinity = annotations.affinity
        self.settings = settings
    }
}
