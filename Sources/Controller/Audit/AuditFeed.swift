internal import Audit
public import Nginx
internal import Routing
public import ServiceLifecycle

public import struct Foundation.Date

/// Writes down what happens outside the loop: to nginx's process, and to certificates and lists of users that nginx need
/// not be told of.
///
/// To be shut down after nginx, so that its end is written down too.
public struct AuditFeed: Service {
    private let audit: AuditLog
    private let master: NginxMaster
    private let certificates: CertificateStore
    private let htpasswdFiles: HtpasswdStore
    private let now: @Sendable () -> Date

    public init(
        audit: AuditLog, master: NginxMaster, certificates: CertificateStore, htpasswdFiles: HtpasswdStore,
        now: @escaping @Sendable () -> Date
    ) {
        self.audit = audit
        self.master = master
        self.certificates = certificates
        self.htpasswdFiles = htpasswdFiles
        self.now = now
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await change in master.changes {
                    await audit.append([.nginx(AuditRecord.Nginx(change))], at: now())
                }
            }
            group.addTask {
                for await reports in certificates.changes.cancelOnGracefulShutdown() {
                    await audit.append(reports.map { .certificate(AuditRecord.Certificate($0)) }, at: now())
                }
            }
            group.addTask {
                for await reports in htpasswdFiles.changes.cancelOnGracefulShutdown() {
                    await audit.append(reports.map { .users(AuditRecord.Users($0)) }, at: now())
                }
            }
        }
        // A service that ends before its turn ends all others.
        try? await gracefulShutdown()
    }
}

extension AuditRecord.Nginx {
    fileprivate init(_ change: NginxMaster.Change) {
        switch change {
        case .started(let pid): self.init(change: .started, pid: pid, ending: nil)
        case .ended(let pid, let ending): self.init(change: .ended, pid: pid, ending: ending)
        case .stopped(let pid, let ending): self.init(change: .stopped, pid: pid, ending: ending)
        }
    }
}

extension AuditRecord.Certificate {
    fileprivate init(_ report: CertificateReport) {
        let host: String =
            switch report.subject {
            case .host(let host): "\(host)"
            case .unknownNames: "-"
            }
        self.init(
            host: host, ingress: report.owner.map { "\($0)" }, state: report.state.name,
            problem: report.state.problem.map { "Certificate\($0.kind.rawValue)" }, reason: report.state.problem?.text,
            certificate: report.certificate.map { AuditRecord.CertificateEntry(host: host, $0) })
    }
}

extension AuditRecord.Users {
    fileprivate init(_ report: HtpasswdReport) {
        self.init(
            path: report.request.subject.text, state: report.state.name,
            problem: report.state.problem.map { "Htpasswd\($0.kind.rawValue)" }, reason: report.state.problem?.text,
            version: report.kept?.version)
    }
}
