/// A form of a certificate or key that is not read, with what to do about it. Neither text contains anything of the value.
package struct ForeignForm: Sendable, Equatable {
    /// `a certificate request`
    package let name: String
    /// `store the certificate that was issued for it`
    package let remedy: String

    static func der(_ kind: DERKind, isBase64: Bool) -> ForeignForm {
        let text = "\(kind.rawValue) in binary form (DER)\(isBase64 ? ", in base64" : "")"
        return switch kind {
        case .certificate:
            ForeignForm(name: text, remedy: "store it as PEM, as openssl x509 -inform DER -in FILE writes it")
        case .key: ForeignForm(name: text, remedy: "store it as PEM, as openssl pkey -inform DER -in FILE writes it")
        case .encryptedKey:
            ForeignForm(
                name: text, remedy: "store it as PEM without a password, as openssl pkey -inform DER -in FILE writes it"
            )
        case .pkcs12:
            ForeignForm(
                name: isBase64 ? "PKCS#12 in base64" : "PKCS#12",
                remedy: "store its certificates and its key as PEM, as openssl pkcs12 -in FILE -nodes writes them")
        case .pkcs7:
            ForeignForm(
                name: isBase64 ? "PKCS#7 in base64" : "PKCS#7",
                remedy: "store its certificates as PEM, as openssl pkcs7 -inform DER -in FILE -print_certs writes them")
        case .request, .revocationList, .publicKey: ForeignForm(name: text, remedy: remedy(kind))
        case .unknown: ForeignForm(name: text, remedy: "store PEM")
        }
    }

    /// A block that is neither a certificate nor a key for a server; nil for an unknown label.
    static func block(_ label: String) -> ForeignForm? {
        switch label {
        case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
            ForeignForm(name: DERKind.request.rawValue, remedy: remedy(.request))
        case "PUBLIC KEY", "RSA PUBLIC KEY": ForeignForm(name: DERKind.publicKey.rawValue, remedy: remedy(.publicKey))
        case "X509 CRL": ForeignForm(name: DERKind.revocationList.rawValue, remedy: remedy(.revocationList))
        case "PKCS7", "CMS":
            ForeignForm(
                name: DERKind.pkcs7.rawValue,
                remedy: "store its certificates as PEM, as openssl pkcs7 -in FILE -print_certs writes them")
        case "OPENSSH PRIVATE KEY":
            ForeignForm(
                name: "a private key in OpenSSH's own form",
                remedy: "store it as PEM, as ssh-keygen -p -m PEM -f FILE converts it")
        case "DSA PRIVATE KEY": ForeignForm(name: "a DSA key", remedy: "store an RSA, EC or Ed25519 key")
        default: nil
        }
    }

    private static func remedy(_ kind: DERKind) -> String {
        switch kind {
        case .request: "store the certificate that was issued for it"
        case .publicKey: "store the private key"
        default: "store the certificate itself"
        }
    }

    /// A form in which the blocks, if there are any, are not to be read.
    init?(before text: [UInt8]) {
        let start = text.prefix { $0 == 0x20 || $0 == 0x0A }.count
        let first = start < text.count ? text[start] : 0
        if first == UInt8(ascii: "{") {
            self.init(name: "JSON", remedy: "store each of its members as a field of the secret")
        } else if text.contains(UInt8(ascii: "%")), Self.contains("BEGIN%20", text) || Self.contains("BEGIN+", text) {
            self.init(name: "encoded for a URL", remedy: "store the decoded PEM")
        } else {
            return nil
        }
    }

    /// A form of a text without blocks.
    init?(instead text: [UInt8]) {
        let words = String(decoding: text.drop { $0 == 0x20 || $0 == 0x0A }.prefix(64), as: UTF8.self)
        if let known = Self.beginnings.first(where: { words.hasPrefix($0.text) }) {
            self.init(name: known.name, remedy: known.remedy)
        } else if Self.contains("BEGIN ", text) {
            self.init(
                name: "PEM whose BEGIN lines do not have five dashes on both sides",
                remedy: "store the file as it is, not a copy from a document or chat")
        } else if text.count < 256, words.first.map({ "/@.~".contains($0) }) == true, !words.contains(" ") {
            self.init(
                name: "the name of a file",
                remedy: "store its content, as in bao kv put -mount=secret PATH crt=@FILE key=@FILE")
        } else if words.count >= 24, words.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "\n" }) {
            self.init(name: "hexadecimal", remedy: "store PEM")
        } else {
            return nil
        }
    }

    private init(name: String, remedy: String) {
        self.name = name
        self.remedy = remedy
    }

    private static let beginnings: [(text: String, name: String, remedy: String)] = [
        (
            "PuTTY-User-Key-File", "a key of PuTTY",
            "store it as PEM, as puttygen FILE -O private-openssh and ssh-keygen -p -m PEM convert it"
        ),
        ("ssh-", "a public key of OpenSSH", "store the private key as PEM"),
        ("ecdsa-sha2-", "a public key of OpenSSH", "store the private key as PEM"),
        ("$ANSIBLE_VAULT", "encrypted by Ansible", "store the decrypted text"),
        ("ENC[", "encrypted by SOPS or eyaml", "store the decrypted text"),
        ("vault:v", "encrypted by the transit engine of Vault", "store the decrypted text"),
        ("age-encryption.org", "encrypted by age", "store the decrypted text"),
        ("H4sI", "compressed by gzip, in base64", "store the text itself"),
        ("http://", "an address", "store the text that is there"),
        ("https://", "an address", "store the text that is there"),
        ("file:", "the name of a file", "store its content"),
        ("<redacted>", "a placeholder", "store the text itself"),
    ]

    private static func contains(_ text: String, _ bytes: [UInt8]) -> Bool {
        let pattern = Array(text.utf8)
        guard bytes.count >= pattern.count else { return false }
        return (0...(bytes.count - pattern.count)).contains { start in
            bytes[start] == pattern[0] && (1..<pattern.count).allSatisfy { bytes[start + $0] == pattern[$0] }
        }
    }
}
