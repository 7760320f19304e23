public import Basics
public import Kubernetes
internal import KubernetesAPI
public import Logging
public import Routing
public import ServiceLifecycle
internal import Synchronization

/// The host policy as `/status` shows it.
public struct HostPolicyState: Sendable, Equatable {
    public var file: String
    /// The last valid policy, which applies.
    public var policy: HostPolicy
    /// Why the file is rejected now; nil while it is valid.
    public var problem: String?
}

/// Reads the host policy and watches its file. Each change of the policy wakes the loop.
public final class HostPolicySource: ServiceLifecycle.Service {
    private struct Current {
        var state: HostPolicyState
        /// The policy that the loop has taken last.
        var taken: HostPolicy?
        /// True if the loop has been woken and has not taken the state since.
        var isNew = false
    }

    private let file: WatchedFile
    private let current: Mutex<Current>
    private let wakeUp: WakeUpSignal
    private let logger: Logger

    /// - Parameter wakeUp: signalled after each change.
    /// - Throws: `ManifestError` if the file cannot be read or watched, or is not valid.
    public init(file path: String, wakeUp: WakeUpSignal, logger: Logger) throws(ManifestError) {
        // Watched first, so that no change is missed.
        file = try WatchedFile(path)
        let policy = try Self.read(path)
        current = Mutex(Current(state: HostPolicyState(file: path, policy: policy)))
        self.wakeUp = wakeUp
        self.logger = logger
    }

    /// Reads a policy once. Blocks.
    ///
    /// - Throws: `ManifestError`.
    public static func read(_ path: String) throws(ManifestError) -> HostPolicy {
        try HostPolicy(WatchedFile.read(path), name: path)
    }

    /// Returns at graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while await self.file.change() { await self.reread() }
        }
    }

    /// True if there is something to take.
    var isNew: Bool { current.withLock(\.isNew) }

    /// The policy for a pass, and the cause if it is another one than at the last pass.
    func take() -> (state: HostPolicyState, cause: Cause?) {
        current.withLock { current in
            current.isNew = false
            let last = current.taken
            current.taken = current.state.policy
            let isChanged = last != nil && last != current.state.policy
            return (current.state, isChanged ? Cause(hostPolicy: current.state.file) : nil)
        }
    }

    func reread() async {
        let read: Result<HostPolicy, ManifestError>
        switch await file.content() {
        case .failure(let error): read = .failure(error)
        case .success(let bytes):
            do throws(ManifestError) {
                read = .success(try HostPolicy(bytes, name: file.path))
            } catch {
                read = .failure(error)
            }
        }
        let (before, now) = current.withLock { current in
            let before = current.state
            switch read {
            case .success(let policy): (current.state.policy, current.state.problem) = (policy, nil)
            case .failure(let error): current.state.problem = "\(error)"
            }
            return (before, current.state)
        }
        guard before != now else { return }
        if let problem = now.problem {
            logger.error("host policy rejected, the last valid one applies", metadata: ["error": "\(problem)"])
        } else {
            logger.notice("host policy read", metadata: ["path": "\(file.path)"])
        }
        current.withLock { $0.isNew = true }
        wakeUp.signal()
    }
}

extension Cause {
    /// The host policy has changed.
    init(hostPolicy file: String) {
        kind = "HostPolicy"
        namespace = ""
        name = file
        change = .modified
        resourceVersion = ""
        manager = nil
    }
}
