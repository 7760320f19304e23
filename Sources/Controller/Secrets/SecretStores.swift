internal import NginxConfig
internal import Routing

/// All secrets.
public struct SecretStores: SecretSource {
    let certificates: CertificateStore
    let htpasswdFiles: HtpasswdStore
    let plan: CertificatePlan

    public init(certificates: CertificateStore, htpasswdFiles: HtpasswdStore, plan: CertificatePlan) {
        self.certificates = certificates
        self.htpasswdFiles = htpasswdFiles
        self.plan = plan
    }

    func resume(_ configuration: Configuration) async {
        await certificates.resume(configuration.certificates.bySubject)
        await htpasswdFiles.resume(
            Dictionary(uniqueKeysWithValues: configuration.htpasswdFiles.map { ($0.path, KeptHtpasswd(path: $0.path)) })
        )
    }

    func want(_ table: RoutingTable) async {
        await certificates.want(plan.requests(for: table))
        await htpasswdFiles.want(table.htpasswdRequests)
    }

    var isAnswered: Bool {
        get async {
            guard await certificates.isAnswered else { return false }
            return await htpasswdFiles.isAnswered
        }
    }

    var current: SecretSnapshot {
        get async {
            SecretSnapshot(certificates: await certificates.reports, htpasswdFiles: await htpasswdFiles.reports)
        }
    }

    func cleanup(certificates addresses: Set<ContentAddress>, htpasswdFiles paths: Set<VaultPath>) async {
        await certificates.removeUnneeded(referenced: addresses)
        await htpasswdFiles.removeUnneeded(referenced: paths)
    }
}
