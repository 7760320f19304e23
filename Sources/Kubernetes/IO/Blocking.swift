internal import Dispatch
internal import KubernetesAPI

/// Runs a call that may block on a thread that may: the cooperative pool has only a few.
func blocking<Result: Sendable>(_ call: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: call()) }
    }
}
