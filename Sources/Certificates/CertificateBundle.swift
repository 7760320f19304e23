public import Basics
public import Foundation

/// A certificate chain with its key, as nginx can serve it: parsed, in order, and the key fits the leaf.
///
/// Names and time are not looked at while parsing; `check(host:now:)` asks for them.
public struct CertificateBundle: Sendable, Equatable {
    /// What is known of the certificate that names the host.
    public struct Leaf: Sendable, Equatable {
        /// RFC 2253 notation, at most 200 characters.
        public let subject: String
        /// Lower-case hexadecimal, no separators.
        public let serial: String
        public let notBefore: Date
        /// The last second of validity.
        public let notAfter: Date
        /// The dNSNames of subjectAltName: lower-case, sorted, without duplicates.
        public let names: [String]
        /// SHA-256 over the DER form, lower-case hexadecimal.
        public let sha256: String
    }

    public let leaf: Leaf
    /// PEM, leaf first, then each issuer as far as the input has it; nothing between the blocks.
    public let chainPEM: [UInt8]
    /// PKCS#8 PEM, in whatever form it came.
    public let key: Secret
    /// The content address: SHA-256 over `chainPEM` and then the key. The same certificate and key give the same
    /// address, whatever the order, the line ends or the form of the key they were stored with.
    public let sha256: String
    /// What was put right while parsing, one line each: order, duplicates, blocks that do not belong here.
    public let remarks: [String]

    /// Whether the certificate can be served for a host at an instant: the leaf names the host (RFC 6125 §6.4; the
    /// common name does not count) and is neither expired nor not yet valid.
    ///
    /// - Parameter host: lower-case, an A-label where internationalised; `*.example.com` asks for that very
    ///   wildcard; nil asks for no name (the default certificate, shown to unknown names).
    public func check(host: String?, now: Date) throws(CertificateError) {
        if let host {
            guard !leaf.names.isEmpty else { throw .noNames }
            guard leaf.names.contains(where: { DNSName.covers($0, host: host) }) else {
                throw .nameNotCovered(host: host, names: leaf.names)
            }
        }
        guard now >= leaf.notBefore else { throw .notYetValid(notBefore: leaf.notBefore) }
        guard now <= leaf.notAfter else { throw .expired(notAfter: leaf.notAfter) }
    }
}
