package import Basics

/// One `-----BEGIN …-----` block, decoded from base64.
package struct PEMBlock: Sendable {
    /// The labels that have a meaning here; others are read by their text.
    enum Kind: Equatable {
        case certificate, key, encryptedKey
        /// Parameters that `openssl ecparam -genkey` writes before a key; the key has them too.
        case curve
        case other
    }

    /// As RFC 7468 and OpenSSL write it: `RSA PRIVATE KEY`.
    package let label: String
    /// True if headers say that the content is encrypted (RFC 1421 §4.6.1.1); then it is not decoded.
    package let isEncrypted: Bool
    package let der: Secret

    var kind: Kind {
        switch label {
        // A trusted certificate is a certificate with data for OpenSSL after it.
        case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE": .certificate
        case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY": isEncrypted ? .encryptedKey : .key
        case "ENCRYPTED PRIVATE KEY": .encryptedKey
        case "EC PARAMETERS": .curve
        default: .other
        }
    }
}

/// The blocks of a text, in their order, and how it deviates from plain PEM.
package struct PEMContent: Sendable {
    package var blocks: [PEMBlock] = []
    package var forms: Set<PEMForm> = []
}
