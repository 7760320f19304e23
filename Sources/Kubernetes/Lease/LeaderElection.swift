internal import Foundation
public import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Takes part in the election of the replica that writes Events and status. The replica that holds the Lease is
/// elected.
public struct LeaderElection: ServiceLifecycle.Service {
    private let client: KubernetesClient
    private let lease: ObjectKey
    private let leadership: Leadership
    private let timing: LeaseTiming
    private let logger: Logger

    /// - Parameter lease: is created if it does not exist.
    public init(client: KubernetesClient, lease: ObjectKey, leadership: Leadership, logger: Logger) {
        self.init(client: client, lease: lease, leadership: leadership, logger: logger, timing: LeaseTiming())
    }

    init(client: KubernetesClient, lease: ObjectKey, leadership: Leadership, logger: Logger, timing: LeaseTiming) {
        self.client = client
        self.lease = lease
        self.leadership = leadership
        self.timing = timing
        var logger = logger
        logger[metadataKey: "lease"] = "\(lease)"
        self.logger = logger
    }

    /// Returns at graceful shutdown or cancellation. A graceful shutdown releases the lease, so that another replica
    /// can acquire it at once.
    public func run() async throws {
        var candidacy = Candidacy(elector: Elector(identity: leadership.identity, timing: timing))
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let wait = await attempt(&candidacy)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
        }
        leadership.setHolder(nil)
        if let held = candidacy.held, !Task.isCancelled { await release(held, candidacy.elector) }
    }

    private struct Candidacy {
        var elector: Elector
        /// The lease as last written by this process, which renews it without reading it.
        var held: Lease?
        var problem: KubernetesError?
    }

    /// Creates, acquires or renews the lease, if possible.
    /// - Returns: the wait before the next attempt.
    private func attempt(_ candidacy: inout Candidacy) async -> Duration {
        let began = ContinuousClock.now
        do throws(KubernetesError) {
            let last = if let held = candidacy.held { held } else { try await client.lease(lease) }
            let action = candidacy.elector.step(last, now: began - LeaderElection.epoch, date: Date())
            switch action {
            case .create(let spec):
                candidacy.held = try await client.createLease(lease, spec)
            case .update(let spec, let version):
                candidacy.held = try await client.updateLease(lease, spec, resourceVersion: version)
            case .wait:
                candidacy.held = nil
            }
            candidacy.problem = nil
            guard case .wait(let duration) = action else {
                // `began` is before the write was sent, and so before another replica can have seen it.
                if leadership.hold(until: began + timing.renewDeadline) { logger.info("Lease acquired") }
                return timing.retry
            }
            let holder = last?.spec?.holderIdentity
            if leadership.setHolder(holder) {
                logger.info("Lease holder changed", metadata: ["holder": "\(holder ?? "none")"])
            }
            return duration
        } catch {
            candidacy.held = nil
            if !leadership.isHeld { leadership.setHolder(nil) }
            // 409: another replica was faster.
            if error.status?.code != 409, error.code != .cancelled, error.code != candidacy.problem?.code {
                logger.warning("cannot acquire or renew Lease", metadata: ["error": "\(error)"])
                candidacy.problem = error
            }
            return max(timing.retry, error.retryAfter ?? .zero)
        }
    }

    private static let epoch = ContinuousClock.now

    private func release(_ held: Lease, _ elector: Elector) async {
        do throws(KubernetesError) {
            _ = try await client.updateLease(
                lease, elector.release(held, date: Date()), resourceVersion: held.resourceVersion)
            logger.info("Lease released")
        } catch {
            logger.warning("cannot release Lease, it will expire", metadata: ["error": "\(error)"])
        }
    }
}
