internal import Basics
public import Logging
public import ServiceLifecycle

/// The first step of a graceful shutdown: the pod becomes unready, and load balancers have time to react before
/// nginx stops accepting connections.
public struct Drain: Service {
    private let state: ControllerState
    private let delay: Duration
    private let logger: Logger

    public init(state: ControllerState, delay: Duration, logger: Logger) {
        self.state = state
        self.delay = delay
        self.logger = logger
    }

    public func run() async throws {
        try await gracefulShutdown()
        logger.info("shutting down", metadata: ["delay": "\(delay.inLog)"])
        state.update { $0.isShuttingDown = true }
        try await Task.sleep(for: delay)
    }
}
