internal import Basics
internal import Foundation
internal import ServiceLifecycle

extension SecretStore {
    /// Reads the wanted secrets when they are due. Returns at graceful shutdown.
    nonisolated func refresh(every interval: Duration) async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    for (request, known) in await self.takeDue() {
                        group.addTask {
                            let answer = await self.kind.read(request, known: known, now: Date())
                            if Task.isCancelled { return }
                            let delay = RefreshDelay.next(interval: interval, random: .random(in: 0...1))
                            await self.record(answer, of: request, next: .now + delay)
                        }
                    }
                    await self.wakeUp.wait(until: await self.nextDue)
                }
            }
        }
    }
}

/// The time until a secret is read again.
enum RefreshDelay {
    /// 80 to 100 % of the interval, so that secrets that were read together drift apart.
    static func next(interval: Duration, random: Double) -> Duration { interval * (0.8 + 0.2 * random) }
}
