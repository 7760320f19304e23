/// The texts of a secret that contain certificates and private keys. None is checked.
public struct CertificatePEM: Sendable, Equatable {
    /// One field of a secret.
    public struct Field: Sendable, Equatable {
        public var name: String
        /// A certificate too: people store keys in its field by mistake.
        public var text: Secret

        public init(name: String, text: Secret) {
            self.name = name
            self.text = text
        }
    }

    /// The names of the fields: those that this program documents, those of Kubernetes, and those of Vault's PKI engine.
    public static let certificateNames = ["crt", "tls.crt", "certificate", "cert"]
    public static let issuerNames = ["chain", "ca_chain", "issuing_ca", "ca.crt"]
    public static let keyNames = ["key", "tls.key", "private_key"]

    /// The fields with the leaf, and often its issuers.
    public var certificates: [Field]
    /// The fields with issuers only.
    public var issuers: [Field]
    public var keys: [Field]

    /// True if the field of the certificate may also contain the key, as in `pem_bundle` of the PKI engine and for
    /// HAProxy.
    public var isCombined: Bool {
        certificates.contains { field in
            field.text.withUnsafeBytes { $0.firstRange(of: "PRIVATE".utf8) != nil }
        }
    }

    public init(chain: [UInt8], key: Secret) {
        certificates = [Field(name: "crt", text: Secret(chain))]
        issuers = []
        keys = [Field(name: "key", text: key)]
    }

    /// - Parameter fields: those of a secret; the others have no meaning here.
    /// - Returns: nil if no field can contain the leaf.
    public init?(fields: [String: Secret]) {
        func found(_ names: [String]) -> [Field] {
            let all = names.compactMap { name in fields[name].map { Field(name: name, text: $0) } }
            let filled = all.filter { !$0.text.isEmpty }
            return filled.isEmpty ? Array(all.prefix(1)) : filled
        }
        certificates = found(Self.certificateNames)
        issuers = found(Self.issuerNames).filter { !$0.text.isEmpty }
        keys = found(Self.keyNames)
        if certificates.isEmpty { return nil }
    }
}
