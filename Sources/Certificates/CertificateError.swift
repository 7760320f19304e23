public import Foundation

/// Why a certificate cannot be served. Each case is one rule; its description is one line, fit for an Event, and
/// never holds anything of the key. The same certificate gives the same line whenever it is looked at, so that an old
/// fact is not told anew.
public enum CertificateError: Error, Equatable {
    /// Which of the two texts is meant.
    public enum Part: String, Sendable {
        case certificate, key
    }

    case empty(Part)
    case tooLarge(Part, bytes: Int, limit: Int)
    case tooManyCertificates(found: Int, limit: Int)
    /// Not PEM, or PEM whose content does not decode; the detail is OpenSSL's own where it has one.
    case malformed(Part, detail: String)
    case encryptedKey
    /// No certificate of the text belongs to the key.
    case keyDoesNotFit(subjects: [String])
    /// A type of key that TLS servers of today do not use (DSA, X25519, …).
    case unsupportedKey(algorithm: String)
    /// Below 112 bits of security, where OpenSSL's level 2 (Debian's default) makes nginx refuse the whole
    /// configuration: RSA under 2048 bits, EC under 224.
    case weakKey(subject: String, algorithm: String, bits: Int)
    /// Signed with a digest below 112 bits of security (MD5, SHA-1), refused like a weak key.
    case weakSignature(subject: String, algorithm: String)
    /// There is an extendedKeyUsage or keyUsage, and it does not allow a TLS server (RFC 5280 §4.2.1.3, §4.2.1.12).
    case notForServers(detail: String)
    /// No subjectAltName of type dNSName; the common name does not count (RFC 9525 §2).
    case noNames
    case nameNotCovered(host: String, names: [String])
    case notYetValid(notBefore: Date)
    case expired(notAfter: Date)
    /// OpenSSL failed where the input gives no cause for it.
    case openSSL(String)
}

extension CertificateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty(let part):
            "the \(part.rawValue) is empty"
        case .tooLarge(let part, let bytes, let limit):
            "the \(part.rawValue) has \(bytes) bytes, at most \(limit) are accepted"
        case .tooManyCertificates(let found, let limit):
            "the chain has \(found) certificates, at most \(limit) are accepted"
        case .malformed(let part, let detail):
            "the \(part.rawValue) is not valid PEM: \(detail)"
        case .encryptedKey:
            "the key is encrypted with a password; store it without one"
        case .keyDoesNotFit(let subjects):
            "the key fits none of the certificates: \(Self.list(subjects))"
        case .unsupportedKey(let algorithm):
            "the key is of type \(algorithm), expected RSA, EC, Ed25519 or Ed448"
        case .weakKey(let subject, let algorithm, let bits):
            "the \(algorithm) key of \(subject) has \(bits) bits, at least RSA 2048 or EC 224 is expected"
        case .weakSignature(let subject, let algorithm):
            "the certificate of \(subject) is signed with \(algorithm), SHA-256 or better is expected"
        case .notForServers(let detail):
            "the certificate is not for TLS servers: \(detail)"
        case .noNames:
            "the certificate has no DNS name in subjectAltName (the common name does not count)"
        case .nameNotCovered(let host, let names):
            "the certificate does not cover \(host), only \(Self.list(names))"
        case .notYetValid(let notBefore):
            "the certificate is not valid before \(Self.text(notBefore))"
        case .expired(let notAfter):
            "the certificate expired at \(Self.text(notAfter))"
        case .openSSL(let detail):
            "OpenSSL failed: \(detail)"
        }
    }

    /// The first ten, and how many more there are: an Event has 1024 bytes.
    private static func list(_ items: [String]) -> String {
        let shown = items.prefix(10).joined(separator: ", ")
        return items.count > 10 ? "\(shown) and \(items.count - 10) more" : shown
    }

    private static func text(_ date: Date) -> String {
        date.formatted(.iso8601)
    }
}
