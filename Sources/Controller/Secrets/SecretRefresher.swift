internal import Foundation
public import ServiceLifecycle

/// Reads everything that is wanted when its time has come, and again and again, spread over the interval.
public struct SecretRefresher<Folder: SecretFolder, Reader: SecretReader>: Service
where Reader.Request == Folder.Request, Reader.Content == Folder.Content {
    private let store: SecretStore<Folder>
    private let reader: Reader
    private let interval: Duration

    /// - Parameter interval: a new version is seen within this time.
    public init(store: SecretStore<Folder>, reader: Reader, interval: Duration) {
        self.store = store
        self.reader = reader
        self.interval = interval
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            var wakeups = store.wakeups.cancelOnGracefulShutdown().makeAsyncIterator()
            repeat {
                for (request, known) in await store.takeDue() {
                    group.addTask {
                        let answer = await reader.read(request, known: known, now: Date())
                        if Task.isCancelled { return }
                        await store.record(answer, of: request, next: .now + nextDelay(random: .random(in: 0...1)))
                    }
                }
            } while await wake(&wakeups, at: await store.nextDue)
            group.cancelAll()
        }
    }

    /// 80 to 100 % of the interval: those that were read together drift apart.
    func nextDelay(random: Double) -> Duration { interval * (0.8 + 0.2 * random) }

    /// - Returns: false at shutdown.
    private func wake(
        _ wakeups: inout some AsyncIteratorProtocol<Void, Never>, at instant: ContinuousClock.Instant?
    ) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            if let instant {
                group.addTask {
                    guard (try? await Task.sleep(until: instant, clock: .continuous)) != nil else { return }
                    store.wake()
                }
            }
            let isGoingOn = await wakeups.next(isolation: nil) != nil
            group.cancelAll()
            return isGoingOn
        }
    }
}
