internal import Basics
internal import Routing

/// The certificates of a generation as text, one line per certificate, for people who compare generations. The host of
/// the default certificate is `-`.
///
///     a.example.com  <sha256>  1767225600  1798761600  3  vault:secret/ssl/a.example.com
enum CertificateListing {
    static func text(of configuration: Configuration) -> String {
        let served = configuration.servedCertificates
        let names = configuration.table.hosts.map { "\($0.host)" } + [CertificateSet.fallbackName]
        return names.compactMap { name in served[name].map { lines(name, $0) } }.joined()
    }

    private static func lines(_ name: String, _ certificate: ServedCertificate) -> String {
        certificate.addresses.map { line(name, $0, certificate) }.joined()
    }

    private static func line(_ name: String, _ address: ContentAddress, _ certificate: ServedCertificate) -> String {
        let version = certificate.version.map { "\($0.number)" } ?? ""
        let fields = [
            name, "\(address)", "\(certificate.notBefore)", "\(certificate.notAfter)", version,
            "\(certificate.source)",
        ]
        return fields.joined(separator: "\t") + "\n"
    }
}
