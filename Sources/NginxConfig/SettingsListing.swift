internal import Routing

extension HostSettings {
    /// The settings as the listing writes them: labels by name, the Secret, then annotations with their values in one
    /// normal form, each sorted.
    var listed: [String] {
        [(http2, "http2"), (redirect != nil, "httpsOnly"), (tls != nil, "ssl")].filter(\.0).map(\.1)
            + [tls?.secret.map { "secret=\($0)" }].compactMap { $0 } + annotations
    }

    private var annotations: [String] {
        let values: [(Annotation, String?)] = [
            (.affinity, affinity ? "cookie" : nil),
            (.allowFrom, allowFrom.map { $0.isEmpty ? "nobody" : $0.map(\.text).joined(separator: "+") }),
            (.appRoot, appRoot?.text),
            (.backendProtocol, backendProtocol == .http ? nil : backendProtocol.rawValue),
            (.basicAuth, basicAuth.map { $0.users?.text ?? "nobody" }),
            (.bodySize, bodySize.map { "\($0)" }),
            (.buffering, buffering.map { $0 ? "on" : "off" }),
            (.connectTimeout, connectTimeout?.listed),
            (.hsts, hsts?.listed),
            (.rateLimit, rateLimit.map { "\($0.perSecond)" }),
            (.readTimeout, readTimeout?.listed),
            (.redirectToHTTPS, redirect.flatMap { $0 == .httpsOnly ? nil : $0.rawValue }),
            (.rewritePrefix, rewritePrefix?.text),
            (.sendTimeout, sendTimeout?.listed),
        ]
        return values.compactMap { annotation, value in value.map { "\(annotation.rawValue)=\($0)" } }
    }
}

extension Duration {
    fileprivate var listed: String { "\(Int64(self / .milliseconds(1)))ms" }
}

extension StrictTransport {
    fileprivate var listed: String {
        switch self {
        case .off: "off"
        case .seconds(let seconds): "\(seconds)s"
        }
    }
}
