public import Basics
public import Foundation

/// A certificate chain and its key, ready for nginx: parsed, in order, and the key matches the leaf.
///
/// Parsing checks neither names nor dates; `check(host:now:)` does.
public struct CertificateBundle: Sendable, Equatable {
    /// The properties of the certificate that names the host.
    public struct Leaf: Sendable, Equatable {
        /// RFC 2253 notation, at most 200 characters.
        public let subject: String
        /// Lowercase hexadecimal without separators.
        public let serial: String
        public let notBefore: Date
        /// The last second of validity.
        public let notAfter: Date
        /// The dNSNames of subjectAltName: lowercase, sorted, without duplicates.
        public let names: [String]
        /// The SHA-256 of the DER form in lowercase hexadecimal.
        public let sha256: String
    }

    public let leaf: Leaf
    /// PEM: the leaf, then each issuer that the input contains; no text between the blocks.
    public let chainPEM: [UInt8]
    /// PKCS#8 PEM, whatever the form of the input.
    public let key: Secret
    /// The content address: the SHA-256 of `chainPEM` and then the key. It does not depend on the order of the
    /// certificates, the line ends and the form of the key in the input.
    public let sha256: String
    /// OpenSSL's name of the key's algorithm: `RSA`, `EC`.
    public let algorithm: String

    /// Checks that the leaf names the host (RFC 6125 §6.4; the common name does not count) and is valid at the time.
    ///
    /// - Parameter host: lowercase, with A-labels for internationalised names; `*.example.com` requires that wildcard;
    ///   nil requires no name (the default certificate).
    public func check(host: String?, now: Date) throws(CertificateError) {
        try checkName(host)
        guard now >= leaf.notBefore else { throw .notYetValid(notBefore: leaf.notBefore) }
        guard now <= leaf.notAfter else { throw .expired(notAfter: leaf.notAfter) }
    }

    /// Checks that the leaf names the host, as `check` does.
    func checkName(_ host: String?) throws(CertificateError) {
        guard let host else { return }
        guard !leaf.names.isEmpty else { throw .noNames }
        guard leaf.names.contains(where: { DNSName.covers($0, host: host) }) else {
            throw .nameNotCovered(host: host, names: leaf.names)
        }
    }
}
