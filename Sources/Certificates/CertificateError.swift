public import Foundation

/// The rule that a certificate or key breaks. The description is one line, fit for an Event, and contains nothing of
/// the key. A certificate always gives the same line, so that repeated checks cause one Event.
public enum CertificateError: Error, Equatable {
    /// The part of the input that is wrong.
    public enum Part: String, Sendable {
        case certificate, chain, key
    }

    case empty(Part)
    case tooLarge(Part, bytes: Int, limit: Int)
    case tooManyCertificates(found: Int, limit: Int)
    /// Not PEM, or PEM that cannot be decoded. The detail is OpenSSL's message if it has one.
    case malformed(Part, detail: String)
    case encryptedKey
    /// Not PEM, or a PEM block that is neither a certificate nor a private key. The remedy begins with a verb.
    case foreign(Part, name: String, remedy: String)
    /// The field of the certificate has the key, and the other way round.
    case swapped
    /// No field contains a private key.
    case noKey
    /// No certificate in the input matches the key.
    case keyMismatch(subjects: [String])
    /// A type of key that TLS servers do not use today (DSA, X25519, …).
    case unsupportedKey(algorithm: String)
    /// A key below 112 bits of security: RSA under 2048 bits, EC under 224. With OpenSSL's level 2 (Debian's default),
    /// nginx rejects the whole configuration because of it.
    case weakKey(subject: String, algorithm: String, bits: Int)
    /// A key of the server that makes each handshake expensive: RSA over 4096 bits.
    case keyTooLarge(subject: String, algorithm: String, bits: Int)
    /// An EC key of the server on a curve that browsers do not support.
    case unsupportedCurve(subject: String, curve: String)
    /// A signature with a digest below 112 bits of security (MD5, SHA-1); nginx rejects it like a weak key.
    case weakSignature(subject: String, algorithm: String)
    /// An extendedKeyUsage or keyUsage that does not allow TLS servers (RFC 5280 §4.2.1.3, §4.2.1.12).
    case notForServers(detail: String)
    /// No subjectAltName of type dNSName; the common name does not count (RFC 9525 §2).
    case noNames
    case nameNotCovered(host: String, names: [String])
    case notYetValid(notBefore: Date)
    case expired(notAfter: Date)
    /// OpenSSL failed for a reason that is not in the input.
    case openSSL(String)
}

extension CertificateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty(let part):
            "the \(part.rawValue) is empty"
        case .tooLarge(let part, let bytes, let limit):
            "the \(part.rawValue) has \(bytes) bytes, expected at most \(limit)"
        case .tooManyCertificates(let found, let limit):
            "the chain has \(found) certificates; expected at most \(limit)"
        case .malformed(let part, let detail):
            "the \(part.rawValue) is not valid PEM: \(detail)"
        case .encryptedKey:
            "the key is encrypted with a password; store it without one, as openssl pkey -in FILE writes it"
        case .foreign(let part, let name, let remedy):
            "the \(part.rawValue) is \(name); \(remedy)"
        case .swapped:
            "the certificate is in the field of the key, and the key in that of the certificate; exchange the two"
        case .noKey:
            "the secret has no private key; store it in the field key"
        case .keyMismatch(let subjects):
            "the key does not match any of the certificates: \(Self.list(subjects))"
        case .unsupportedKey(let algorithm):
            "the key is of type \(algorithm); expected RSA, EC or Ed25519"
        case .weakKey(let subject, let algorithm, let bits):
            "the \(algorithm) key of \(subject) has \(bits) bits; expected at least RSA 2048 or EC 224"
        case .keyTooLarge(let subject, let algorithm, let bits):
            "the \(algorithm) key of \(subject) has \(bits) bits; expected at most 4096"
        case .unsupportedCurve(let subject, let curve):
            "the EC key of \(subject) is on \(curve); expected P-256, P-384 or P-521"
        case .weakSignature(let subject, let algorithm):
            "the certificate of \(subject) is signed with \(algorithm); expected SHA-256 or better"
        case .notForServers(let detail):
            "the certificate does not allow TLS servers: \(detail)"
        case .noNames:
            "the certificate has no DNS name in subjectAltName (the common name does not count)"
        case .nameNotCovered(let host, let names):
            "the certificate does not cover \(host), only \(Self.list(names))"
        case .notYetValid(let notBefore):
            "the certificate is not yet valid, only from \(Self.text(notBefore))"
        case .expired(let notAfter):
            "the certificate expired at \(Self.text(notAfter))"
        case .openSSL(let detail):
            "OpenSSL failed: \(detail)"
        }
    }

    /// The first ten, and the number of the others: an Event has at most 1024 bytes.
    private static func list(_ items: [String]) -> String {
        let shown = items.prefix(10).joined(separator: ", ")
        return items.count > 10 ? "\(shown) and \(items.count - 10) more" : shown
    }

    private static func text(_ date: Date) -> String {
        date.formatted(.iso8601)
    }
}
