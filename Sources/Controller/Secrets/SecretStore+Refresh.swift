internal import Basics
internal import Foundation
internal import ServiceLifecycle

extension SecretStore {
    /// Reads the sources of the wanted secrets when they are due. Returns at graceful shutdown.
    nonisolated func refresh() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    for read in await self.takeDue() {
                        group.addTask {
                            let answer = await self.kind.read(read.source, known: read.known, now: Date())
                            if Task.isCancelled { return }
                            await self.record(answer, of: read)
                        }
                    }
                    await self.wakeUp.wait(until: await self.nextDue())
                }
            }
        }
    }
}
