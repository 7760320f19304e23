internal import Dispatch
internal import KubernetesAPI

/// Runs a blocking call outside the cooperative pool, whose few threads must not block.
func blocking<Result: Sendable>(_ call: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: call()) }
    }
}
