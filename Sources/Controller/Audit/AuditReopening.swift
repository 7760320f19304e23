public import ServiceLifecycle
public import UnixSignals

internal import struct Foundation.Date

/// Reopens the audit log at SIGUSR1: another program has moved its file to rotate it (logrotate(8), `postrotate`).
public struct AuditReopening: Service {
    private let signals: UnixSignalsSequence
    private let audit: AuditLog

    /// - Parameter signals: SIGUSR1 only.
    public init(signals: UnixSignalsSequence, audit: AuditLog) {
        self.signals = signals
        self.audit = audit
    }

    public func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { await audit.reopen(at: Date()) }
    }
}
