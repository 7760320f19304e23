import Synchronization

@testable import Vault

/// A clock that only sleeping advances. It records the sleeps.
final class TestTiming: Sendable {
    private struct State {
        var now = Duration.zero
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())

    var sleeps: [Duration] { state.withLock(\.sleeps) }

    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }

    func timing(random: Double = 0) -> VaultTiming {
        VaultTiming(
            now: { self.state.withLock(\.now) },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.now += duration
                    state.sleeps.append(duration)
                }
            },
            random: { random })
    }
}
