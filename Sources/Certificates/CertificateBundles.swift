public import Basics
internal import COpenSSL
public import Foundation

/// The certificates of one secret: usually one, or one for each algorithm of a key (RSA and EC), between which nginx
/// chooses in each handshake.
public struct CertificateBundles: Sendable, Equatable {
    /// At most 20: `/status` shows them all.
    static let remarkLimit = 20

    /// Never empty. RSA comes first, which every client supports.
    public private(set) var all: [CertificateBundle]
    /// What the secret has that it should not have, and what it lacks.
    public private(set) var remarks: [CertificateRemark]

    public var first: CertificateBundle { all[0] }
    /// The time from which on all are valid.
    public var notBefore: Date { all.map(\.leaf.notBefore).max() ?? .distantFuture }
    /// The last second in which all are valid.
    public var notAfter: Date { all.map(\.leaf.notAfter).min() ?? .distantPast }

    /// Parses the certificates and keys of a secret.
    ///
    /// A leaf is a certificate that matches a key, at any position; its issuers follow in order. Duplicates and
    /// certificates outside the chain are left out with a remark.
    ///
    /// - Parameter pem: `CERTIFICATE` blocks and unencrypted keys (PKCS#1, PKCS#8, SEC 1) in any of the `PEMForm`s.
    /// - Throws: the rule that failed. `usable(for:now:)` checks names and dates.
    public static func parse(_ pem: CertificatePEM) throws(CertificateError) -> CertificateBundles {
        // An earlier caller may have left errors in this thread's queue. They must not be reported as the cause here.
        ERR_clear_error()
        let input = try CertificateInput(pem)
        let pool = input.certificates + input.optional
        var remarks = input.remarks
        var chains: [CertificateChain] = []
        for key in input.keys {
            if let chain = try CertificateChain(of: key, from: pool) {
                chains.append(chain)
            } else if input.keys.count > 1 {
                remarks.append(
                    CertificateRemark(
                        .unused, "a private key of type \(key.algorithm) matches none of the certificates"))
            }
        }
        guard !chains.isEmpty else { throw .keyMismatch(subjects: input.certificates.map(\.subject)) }
        let selected = try longest(chains, &remarks)
        if selected.count == 1, let chain = selected.first {
            if !zip(chain.certificates, pool).allSatisfy({ pair in pair.0 === pair.1 }) {
                remarks.append(CertificateRemark(.note, "put the chain in order, leaf first"))
            }
        }
        for certificate in input.certificates where !chains.contains(where: { $0.contains(certificate) }) {
            remarks.append(
                CertificateRemark(.chain, "left out \(certificate.subject), which is not part of the chain"))
        }
        return try CertificateBundles(selected, remarks)
    }

    /// Drops those that break a rule, unless all do.
    private init(_ chains: [CertificateChain], _ remarks: [CertificateRemark]) throws(CertificateError) {
        self.init(all: [], remarks: remarks)
        var first: CertificateError?
        for chain in chains {
            do throws(CertificateError) {
                all.append(try CertificateBundle(chain))
                self.remarks += chain.remarks
            } catch {
                first = first ?? error
                self.remarks.append(CertificateRemark(.unused, "\(error)"))
            }
        }
        if all.isEmpty, let first { throw first }
        self.remarks = Array(self.remarks.prefix(Self.remarkLimit))
    }

    private init(all: [CertificateBundle], remarks: [CertificateRemark]) {
        self.all = all
        self.remarks = remarks
    }

    /// One chain for each algorithm: the one that expires last.
    private static func longest(
        _ chains: [CertificateChain], _ remarks: inout [CertificateRemark]
    ) throws(CertificateError) -> [CertificateChain] {
        var byAlgorithm: [String: CertificateChain] = [:]
        for chain in chains {
            guard let other = byAlgorithm[chain.key.algorithm] else {
                byAlgorithm[chain.key.algorithm] = chain
                continue
            }
            let isLater = try chain.leaf.validity().notAfter > other.leaf.validity().notAfter
            byAlgorithm[chain.key.algorithm] = isLater ? chain : other
            let unused = isLater ? other : chain
            remarks.append(
                CertificateRemark(
                    .unused,
                    "of two certificates with \(chain.key.algorithm) keys, that of \(unused.leaf.subject) with the serial "
                        + "number \(unused.leaf.serial) is not used: it expires first"))
        }
        let order = ["RSA", "RSA-PSS", "EC", "ED25519"]
        return byAlgorithm.values.sorted { left, right in
            let (first, second) = (left.key.algorithm, right.key.algorithm)
            return (order.firstIndex(of: first) ?? order.count, first) < (
                order.firstIndex(of: second) ?? order.count, second
            )
        }
    }

    /// Those that name the host and have expired. The others are left out with a remark.
    ///
    /// - Throws: the problem of the first if there is none.
    public func expired(for host: String?, now: Date) throws(CertificateError) -> CertificateBundles {
        try filtered { bundle throws(CertificateError) in
            try bundle.checkName(host)
            if now <= bundle.leaf.notAfter { throw .notYetValid(notBefore: bundle.leaf.notBefore) }
        }
    }

    /// Those that name the host and are valid at the time (`CertificateBundle.check`). The others are left out with a
    /// remark.
    ///
    /// - Throws: the problem of the first if none is usable.
    public func usable(for host: String?, now: Date) throws(CertificateError) -> CertificateBundles {
        try filtered { bundle throws(CertificateError) in try bundle.check(host: host, now: now) }
    }

    private func filtered(
        by check: (CertificateBundle) throws(CertificateError) -> Void
    ) throws(CertificateError) -> CertificateBundles {
        var usable = CertificateBundles(all: [], remarks: remarks)
        var first: CertificateError?
        for bundle in all {
            do throws(CertificateError) {
                try check(bundle)
                usable.all.append(bundle)
            } catch {
                first = first ?? error
                usable.remarks.append(CertificateRemark(.unused, "the one with the \(bundle.algorithm) key: \(error)"))
            }
        }
        if usable.all.isEmpty, let first { throw first }
        return usable
    }
}
