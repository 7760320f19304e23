public import ServiceLifecycle
public import UnixSignals

internal import struct Foundation.Date

/// SIGUSR1: whoever rotates the audit log from outside has moved its file away (logrotate(8), `postrotate`).
public struct AuditReopening: Service {
    private let signals: UnixSignalsSequence
    private let audit: AuditLog

    /// - Parameter signals: of SIGUSR1 alone.
    public init(signals: UnixSignalsSequence, audit: AuditLog) {
        self.signals = signals
        self.audit = audit
    }

    public func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { await audit.reopen(at: Date()) }
    }
}
