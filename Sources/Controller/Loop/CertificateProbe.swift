public import HTTPClient
public import Nginx
public import Routing

/// Verifies by a TLS handshake which certificate nginx presents. No request is sent.
public enum CertificateProbe {
    /// - Parameter port: the port on which nginx listens for https.
    public static func make(port: ServicePort, http: HTTPClient) -> Reloader.Handshake {
        { @Sendable name, leaf in
            var request = HTTPRequest(url: "https://127.0.0.1:\(port)/")
            request.connectTimeout = .seconds(2)
            request.timeout = .seconds(2)
            // Only this certificate is trusted, so a handshake with another one fails.
            request.tls = TLSOptions(
                trust: .pem(leaf), serverName: name.hasPrefix("*.") ? "certificate-check" + name.dropFirst() : name)
            do {
                try await http.connect(request)
                return nil
            } catch {
                return "nginx does not present it: \(error)"
            }
        }
    }
}
