/// A certificate chain and its private key as PEM, as a source stores or issues them. Neither part is checked.
public struct CertificatePEM: Sendable, Equatable {
    public var chain: [UInt8]
    public var key: Secret

    public init(chain: [UInt8], key: Secret) {
        self.chain = chain
        self.key = key
    }
}
