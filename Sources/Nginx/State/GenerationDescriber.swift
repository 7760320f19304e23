internal import Basics
public import Logging
internal import NginxConfig
public import ServiceLifecycle

/// Writes what nginx does not read of a generation (`GenerationFile`) when the generation is live.
///
/// With thousands of hosts that takes longer than the reload, and the next change must not wait for it: then only the newest
/// generation is described, a few seconds later. After a crash in between, the description of an earlier generation is read.
public actor GenerationDescriber: ServiceLifecycle.Service {
    /// The time to describe a generation above which it is done later.
    private static let short = Duration.milliseconds(20)
    private static let delay = Duration.seconds(5)

    private let store: GenerationStore
    private let logger: Logger
    private let executor = QueueExecutor(label: "descriptions")
    private nonisolated let wakeUp = WakeUpSignal()
    private var last = Duration.zero
    private var pending: (generation: Generation, rendered: RenderedConfiguration)?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(store: GenerationStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Returns when the generation is described, or planned to be.
    func describe(_ generation: Generation, _ rendered: RenderedConfiguration) async {
        guard last > Self.short else { return await write(generation, rendered) }
        pending = (generation, rendered)
        wakeUp.signal()
    }

    /// Describes what is pending, also at graceful shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.wakeUp.wait()
                try? await Task.sleep(for: Self.delay)
                await self.writePending()
            }
        }
        await writePending()
    }

    private func writePending() async {
        guard let (generation, rendered) = pending else { return }
        pending = nil
        await write(generation, rendered)
    }

    /// A failure does not matter to nginx.
    private func write(_ generation: Generation, _ rendered: RenderedConfiguration) async {
        let began = ContinuousClock.now
        do {
            try await store.describe(generation, rendered.descriptions())
        } catch {
            logger.warning(
                "cannot describe generation", metadata: ["generation": "\(generation.number)", "error": "\(error)"])
        }
        last = .now - began
        if last > Self.short { Allocator.trim() }
    }
}
