internal import Routing

/// The certificates of a generation as text, a line a host: what the controller goes by after a restart, which files
/// are still needed, and what the audit log compares. The default certificate's host is written `-`.
///
///     a.example.com  <sha256>  1767225600  1798761600  3  vault:secret/ssl/a.example.com
enum CertificateListing {
    static let defaultName = "-"

    static func text(of table: RoutingTable, _ certificates: CertificateSet) -> String {
        var lines = table.hosts.compactMap { host in
            host.settings.tls != nil ? certificates.byHost[host.host].map { line("\(host.host)", $0) } : nil
        }
        if let fallback = certificates.fallback { lines.append(line(defaultName, fallback)) }
        return lines.joined()
    }

    static func parse(_ text: String) -> [String: ServedCertificate] {
        var found: [String: ServedCertificate] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 6, let address = try? ContentAddress(fields[1]), let notBefore = Int(fields[2]),
                let notAfter = Int(fields[3])
            else { continue }
            found[fields[0]] = ServedCertificate(
                address: address, notBefore: notBefore, notAfter: notAfter, source: fields[5],
                version: Int(fields[4]))
        }
        return found
    }

    private static func line(_ name: String, _ certificate: ServedCertificate) -> String {
        let version = certificate.version.map(String.init) ?? ""
        return
            "\(name)\t\(certificate.address)\t\(certificate.notBefore)\t\(certificate.notAfter)\t\(version)\t\(certificate.source)\n"
    }
}

extension ConfigurationFiles {
    public static let certificateListing = "certificates.txt"

    /// The certificates of the generation by host as the audit log writes it (`*` for the catch-all).
    public var certificateLines: [String: ServedCertificate] {
        CertificateListing.parse(contents[Self.certificateListing] ?? "")
    }

    /// The same as the loop hands it to the renderer.
    public var certificates: CertificateSet {
        var lines = certificateLines
        let fallback = lines.removeValue(forKey: CertificateListing.defaultName)
        let byHost = lines.compactMap { name, certificate in
            (try? Host(name == "*" ? "" : name)).map { ($0, certificate) }
        }
        return CertificateSet(byHost: Dictionary(byHost) { first, _ in first }, fallback: fallback)
    }
}
