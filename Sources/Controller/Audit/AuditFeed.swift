internal import Audit
public import Nginx
public import ServiceLifecycle

public import struct Foundation.Date

/// Writes audit records of what happens outside the loop: nginx starts and ends, and secrets change without a reload.
///
/// It is shut down after nginx, so that the end of nginx is recorded too.
public struct AuditFeed: Service {
    private let audit: AuditLog
    private let master: NginxMaster
    private let secrets: SecretStores
    private let now: @Sendable () -> Date

    public init(
        audit: AuditLog, master: NginxMaster, secrets: SecretStores, now: @escaping @Sendable () -> Date
    ) {
        self.audit = audit
        self.master = master
        self.secrets = secrets
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
                for await records in secrets.records.cancelOnGracefulShutdown() {
                    await audit.append(records, at: now())
                }
            }
        }
        // A service that returns before shutdown ends all others.
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
