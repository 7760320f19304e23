internal import Foundation
public import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Takes part in the election of the one replica that writes Events and status, by a Lease that all of them know.
public struct LeaderElection: ServiceLifecycle.Service {
    private let client: KubernetesClient
    private let lease: ObjectKey
    private let leadership: Leadership
    private let timing: LeaseTiming
    private let logger: Logger

    /// - Parameter lease: made if there is none.
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

    /// Returns at graceful shutdown, after the lease was released, so that the next holder need not wait for its end;
    /// or at cancellation.
    public func run() async throws {
        var campaign = Campaign(elector: Elector(identity: leadership.identity, timing: timing))
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let wait = await look(&campaign)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
        }
        leadership.follow(nil)
        if let held = campaign.held, !Task.isCancelled { await release(held, campaign.elector) }
    }

    private struct Campaign {
        var elector: Elector
        /// As last written: while it is ours, it is renewed without being read.
        var held: Lease?
        var problem: KubernetesError?
    }

    /// - Returns: how long to wait before the next look.
    private func look(_ campaign: inout Campaign) async -> Duration {
        let began = ContinuousClock.now
        do throws(KubernetesError) {
            let last = if let held = campaign.held { held } else { try await client.lease(lease) }
            let action = campaign.elector.step(last, now: began - LeaderElection.epoch, date: Date())
            switch action {
            case .create(let spec):
                campaign.held = try await client.createLease(lease, spec)
            case .update(let spec, let version):
                campaign.held = try await client.updateLease(lease, spec, resourceVersion: version)
            case .wait:
                campaign.held = nil
            }
            campaign.problem = nil
            guard case .wait(let duration) = action else {
                lead(since: began)
                return timing.retry
            }
            follow(last?.spec?.holderIdentity)
            return duration
        } catch {
            campaign.held = nil
            if !leadership.isHeld { leadership.follow(nil) }
            // 409: somebody was faster, which is to be expected.
            if error.status?.code != 409, error.code != .cancelled, error.code != campaign.problem?.code {
                logger.warning("the lease cannot be had", metadata: ["error": "\(error)"])
                campaign.problem = error
            }
            return max(timing.retry, error.retryAfter ?? .zero)
        }
    }

    private static let epoch = ContinuousClock.now

    /// - Parameter began: before the renewal was sent, and so before anybody can have seen it.
    private func lead(since began: ContinuousClock.Instant) {
        if leadership.lead(until: began + timing.renewDeadline) {
            logger.info("leading: this replica writes Events and status")
        }
    }

    private func follow(_ holder: String?) {
        if leadership.follow(holder) { logger.info("following", metadata: ["leader": "\(holder ?? "nobody")"]) }
    }

    private func release(_ held: Lease, _ elector: Elector) async {
        do throws(KubernetesError) {
            _ = try await client.updateLease(
                lease, elector.release(held, date: Date()), resourceVersion: held.resourceVersion)
            logger.info("lease released")
        } catch {
            logger.warning("the lease is not released, it will run out", metadata: ["error": "\(error)"])
        }
    }
}
