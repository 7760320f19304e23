public import Foundation

/// The result of a TLS handshake for a name, by openssl(1).
public enum TLSHandshake: Sendable, Equatable {
    /// The base64 of the leaf, and the negotiated protocol.
    case shown(certificate: String, alpn: String?)
    /// OpenSSL's name of the alert.
    case rejected(alert: String)

    /// - Parameters:
    ///   - name: the SNI, not validated; nil for none.
    ///   - alpn: the protocols that the client offers.
    ///   - version: the only TLS version of the client, as option of openssl: `tls1_2`.
    public static func with(
        port: Int, name: String?, alpn: [String] = ["h2", "http/1.1"], version: String? = nil, folder: URL
    ) async throws -> TLSHandshake {
        let arguments =
            ["s_client", "-connect", "127.0.0.1:\(port)", "-showcerts", "-alpn", alpn.joined(separator: ",")]
            + (name.map { ["-servername", $0] } ?? ["-noservername"])
            // The default level would prevent the client from offering versions that the server must reject.
            + (version.map { ["-\($0)", "-cipher", "ALL:@SECLEVEL=0"] } ?? [])
        let output: String
        do {
            output = try await ServerProcess.run(.init(try Tools.openssl, arguments), folder: folder)
        } catch {
            // "…:error:0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:../ssl/…:SSL alert number 112"
            guard let line = "\(error)".split(separator: "\n").first(where: { $0.contains("SSL alert number") }),
                let words = line.split(separator: ":").first(where: { $0.contains("alert ") || $0.hasPrefix("tlsv1") })
            else { throw error }
            return .rejected(
                alert: words.split(separator: " ").filter { $0 != "alert" }.dropFirst().joined(separator: " "))
        }
        guard let certificate = body(ofPEM: output) else {
            throw BedError("the server sent no certificate:\n\(output)")
        }
        let alpn = output.split(separator: "\n").first { $0.hasPrefix("ALPN protocol: ") }
        return .shown(certificate: certificate, alpn: alpn.map { String($0.dropFirst("ALPN protocol: ".count)) })
    }

    /// The base64 of the first certificate in a text, without line breaks.
    public static func body(ofPEM text: String) -> String? {
        guard let begin = text.firstRange(of: "-----BEGIN CERTIFICATE-----")?.upperBound,
            let end = text[begin...].firstRange(of: "-----END CERTIFICATE-----")?.lowerBound
        else { return nil }
        return text[begin..<end].filter { !$0.isWhitespace }
    }
}
