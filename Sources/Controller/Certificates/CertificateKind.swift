internal import Basics
public import Certificates
public import Nginx
public import NginxConfig
public import Routing

public import struct Foundation.Date

/// Certificates as a kind of secret.
public struct CertificateKind: SecretKind {
    public static var isNeededForReadiness: Bool { true }

    public static var names: SecretKindNames {
        SecretKindNames(
            singular: "certificate", plural: "certificates", metric: "certificates", statusKey: "certificates")
    }

    private let folder: CertificateFolder
    private let plan: CertificatePlan
    private let reader: CertificateReader

    /// - Parameters:
    ///   - providers: in the order in which they are tried.
    ///   - defaultSource: the source of the certificate for names that no Ingress claims; nil for none.
    public init(
        folder: CertificateFolder, providers: [any CertificateProvider], defaultSource: CertificateSource?
    ) {
        self.folder = folder
        plan = CertificatePlan(providers: providers, defaultSource: defaultSource)
        reader = CertificateReader(providers: providers)
    }

    public func requests(for table: RoutingTable) -> [CertificateRequest] { plan.requests(for: table) }

    public func read(
        _ source: CertificateRead, known: KnownSecret<ServedCertificate>?, now: Date
    ) async -> SourceAnswer<ReadCertificate> {
        await reader.read(source, known: known, now: now)
    }

    public func check(
        _ content: ReadCertificate, for request: CertificateRequest, now: Date
    ) -> SecretAnswer<ServedCertificate, CertificateBundles> {
        reader.check(content, for: request, now: now)
    }

    public func write(_ bundles: CertificateBundles, as certificate: ServedCertificate) throws {
        for (bundle, address) in zip(bundles.all, certificate.addresses) {
            try bundle.key.withUnsafeBytes { key throws(FileError) in
                try folder.write(address, chain: bundle.chainPEM, key: key)
            }
        }
    }

    public func isOnDisk(_ certificate: ServedCertificate) -> Bool {
        certificate.addresses.allSatisfy { folder.contains($0) }
    }

    public func isIntact(_ certificate: ServedCertificate, for request: CertificateRequest, now: Date) -> Bool {
        certificate.addresses.allSatisfy { address in
            guard let pem = try? folder.read(address), let bundles = try? CertificateBundles.parse(pem) else {
                return false
            }
            return bundles.first.sha256 == address.text
                && (try? bundles.usable(for: request.subject.name, now: now)) != nil
        }
    }

    /// An issued certificate says when the next one is due. A folder of the engine has nothing to look for until then.
    public static func renewal(of certificate: ServedCertificate) -> Date? {
        if case .pki = certificate.source { certificate.renewal } else { nil }
    }

    public static func expiry(of certificate: ServedCertificate, now: Date) -> String? {
        certificate.notAfter < Int(now.timeIntervalSince1970) ? "the certificate expired at \(certificate.expiry)" : nil
    }

    public func removeFiles(except needed: [ServedCertificate]) {
        folder.removeAll(except: Set(needed.flatMap(\.addresses)))
    }

    public static func needsReload(from old: ServedCertificate, to new: ServedCertificate) -> Bool {
        old.addresses != new.addresses
    }

    public static func files(in served: ServedSecrets) -> [CertificateSubject: ServedCertificate] {
        served.certificates.bySubject
    }

    public static func add(_ files: [CertificateSubject: ServedCertificate], to served: inout ServedSecrets) {
        served.certificates.bySubject = files
    }
}

extension SecretReports {
    /// Sorted by subject.
    public var certificates: [CertificateReport] { self[CertificateKind.self] }
}
