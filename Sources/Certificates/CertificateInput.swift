internal import Basics

/// The certificates and keys in the fields of a secret, decoded but not matched.
struct CertificateInput {
    /// Real chains have two to five certificates. Each further one costs signature checks.
    static let certificateLimit = 20
    /// A secret has one key, or one for each algorithm.
    static let keyLimit = 8

    /// Without duplicates, in the order of the fields and of the text.
    private(set) var certificates: [X509Certificate] = []
    /// Those of fields that may contain the authority of clients, or the root, as well as an issuer.
    private(set) var optional: [X509Certificate] = []
    private(set) var keys: [ParsedKey] = []
    private(set) var remarks: [CertificateRemark] = []
    /// The keys in the fields of certificates.
    private var embeddedKeys: [ParsedKey] = []
    private var misplacedCertificates = 0
    private var problems: [CertificateError] = []

    /// - Throws: the first problem if there is no certificate, or no key.
    init(_ pem: CertificatePEM) throws(CertificateError) {
        for field in pem.certificates { try read(field, .certificate) }
        for field in pem.issuers { try read(field, .chain) }
        for field in pem.keys { try read(field, .key) }
        if certificates.isEmpty, !embeddedKeys.isEmpty, keys.isEmpty, misplacedCertificates > 0 { throw .swapped }
        let isCombined = pem.keys.isEmpty
        if isCombined { keys = embeddedKeys }
        guard !certificates.isEmpty else {
            throw problems.first ?? .malformed(.certificate, detail: "it contains no CERTIFICATE block")
        }
        guard !keys.isEmpty else {
            let isKey = { (problem: CertificateError) in problem.part == .key }
            throw problems.first(where: isKey)
                ?? (isCombined ? .noKey : .malformed(.key, detail: "it contains no private key"))
        }
        remarks += problems.map { CertificateRemark($0.part == .key ? .unused : .chain, "\($0)") }
    }

    private mutating func read(_ field: CertificatePEM.Field, _ part: CertificateError.Part) throws(CertificateError) {
        do throws(CertificateError) {
            let content = try Self.content(of: field.text, part)
            if !content.forms.isEmpty {
                let forms = content.forms.sorted().map(\.name).joined(separator: ", ")
                remarks.append(CertificateRemark(.note, "\(field.name) is not plain PEM: \(forms)"))
            }
            switch part {
            case .certificate, .chain: try readCertificates(content.blocks, field, part)
            case .key: try readKeys(content.blocks, field)
            }
        } catch {
            // Nothing is checked in a secret with so many certificates.
            if case .tooManyCertificates = error { throw error }
            problems.append(error)
        }
    }

    private static func content(
        of text: Secret, _ part: CertificateError.Part
    ) throws(CertificateError) -> PEMContent {
        try text.withUnsafeBytes { bytes throws(CertificateError) in
            let limit = part == .key ? CertificateBundle.keyLimit : CertificateBundle.certificateLimit
            guard bytes.count <= limit else { throw .tooLarge(part, bytes: bytes.count, limit: limit) }
            guard bytes.contains(where: { $0 > 0x20 }) else { throw .empty(part) }
            do throws(PEMProblem) {
                return try PEMReader.read(bytes)
            } catch {
                switch error {
                case .noBlock:
                    throw .malformed(
                        part, detail: part == .key ? "it contains no private key" : "it contains no CERTIFICATE block")
                case .foreign(let form): throw .foreign(part, name: form.name, remedy: form.remedy)
                case .malformed(let detail): throw .malformed(part, detail: detail)
                }
            }
        }
    }

    private mutating func readCertificates(
        _ blocks: [PEMBlock], _ field: CertificatePEM.Field, _ part: CertificateError.Part
    ) throws(CertificateError) {
        var found: [X509Certificate] = []
        for block in blocks where block.kind == .certificate {
            found.append(
                try block.der.withUnsafeBytes { der throws(CertificateError) in try X509Certificate(der: der) })
        }
        let isOptional = ["issuing_ca", "ca.crt"].contains(field.name)
        let count = found.count + certificates.count + optional.count
        guard count <= Self.certificateLimit else {
            throw .tooManyCertificates(found: count, limit: Self.certificateLimit)
        }
        for (index, certificate) in found.enumerated() {
            if found[..<index].contains(where: { $0.isSame(as: certificate) }) {
                remarks.append(CertificateRemark(.note, "dropped a duplicate of \(certificate.subject)"))
            } else if !(certificates + optional).contains(where: { $0.isSame(as: certificate) }) {
                if isOptional { optional.append(certificate) } else { certificates.append(certificate) }
            }
        }
        try noteOthers(blocks.filter { $0.kind != .certificate }, field)
        for block in blocks where block.kind == .key && embeddedKeys.count < Self.keyLimit {
            let key = try? block.der.withUnsafeBytes { der throws(CertificateError) in try ParsedKey(der: der) }
            if let key { embeddedKeys.append(key) }
        }
        if found.isEmpty, let block = blocks.first {
            if let form = ForeignForm.block(block.label) { throw .foreign(part, name: form.name, remedy: form.remedy) }
            throw .malformed(part, detail: "it contains no CERTIFICATE block, only \(block.label)")
        }
    }

    private mutating func readKeys(_ blocks: [PEMBlock], _ field: CertificatePEM.Field) throws(CertificateError) {
        misplacedCertificates += blocks.count { $0.kind == .certificate }
        var found = 0
        for block in blocks where block.kind == .key {
            let key = try block.der.withUnsafeBytes { der throws(CertificateError) in try ParsedKey(der: der) }
            found += 1
            if keys.contains(where: { $0.isSame(as: key) }) { continue }
            guard keys.count < Self.keyLimit else {
                throw .malformed(.key, detail: "it contains more than \(Self.keyLimit) private keys")
            }
            keys.append(key)
        }
        if blocks.contains(where: { $0.kind == .encryptedKey }) { throw .encryptedKey }
        guard found == 0, let block = blocks.first(where: { $0.kind != .curve }) else {
            return try noteOthers(blocks.filter { $0.kind != .key }, field)
        }
        if block.kind == .certificate {
            throw .foreign(.key, name: "a certificate", remedy: "store the private key that belongs to the certificate")
        }
        if let form = ForeignForm.block(block.label) { throw .foreign(.key, name: form.name, remedy: form.remedy) }
        throw .malformed(.key, detail: "it contains no private key, only \(block.label)")
    }

    private mutating func noteOthers(_ blocks: [PEMBlock], _ field: CertificatePEM.Field) throws(CertificateError) {
        for label in Set(blocks.filter { $0.kind != .curve }.map(\.label)).sorted() {
            remarks.append(CertificateRemark(.note, "ignored a block \"\(label)\" in \(field.name)"))
        }
    }
}

extension CertificateError {
    /// The part of the input that the error is about, if it is one of the errors of reading it.
    fileprivate var part: Part? {
        switch self {
        case .empty(let part), .tooLarge(let part, _, _), .malformed(let part, _), .foreign(let part, _, _): part
        case .encryptedKey, .noKey: .key
        default: nil
        }
    }
}
