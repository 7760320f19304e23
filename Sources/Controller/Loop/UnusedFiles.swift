internal import Nginx
internal import NginxConfig

/// Decides when to look for certificates and htpasswd files that no generation refers to: only when there may be some,
/// after a change of either, and when the last generation from before that change is gone. Pure.
struct UnusedFiles {
    /// The number of reloads after which the last generation from before the last change, or from an earlier run, is
    /// removed.
    private var reloadsUntilRemoval = GenerationStore.kept

    /// - Parameter diff: what the reload has changed.
    /// - Returns: whether there may be unused files now.
    mutating func mayExist(after diff: ConfigurationDiff) -> Bool {
        guard diff.keepsSecretFiles else {
            reloadsUntilRemoval = GenerationStore.kept
            return true
        }
        reloadsUntilRemoval -= 1
        return reloadsUntilRemoval == 0
    }
}
