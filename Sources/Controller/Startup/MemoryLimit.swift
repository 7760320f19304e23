internal import Foundation
public import Routing

/// The memory limit of the control group of this process, from the files of the kernel.
public struct MemoryLimit: Sendable, Equatable {
    /// In bytes.
    public let bytes: Int

    /// Reads the limit; nil if there is none. Of nested groups, the smallest limit applies.
    ///
    /// - Parameter root: the folder of the file systems of control groups.
    public static func read(root: String = "/sys/fs/cgroup", groups: String = "/proc/self/cgroup") -> MemoryLimit? {
        let lines = (try? String(contentsOfFile: groups, encoding: .utf8)) ?? ""
        var folders: Set<String> = []
        for line in lines.split(separator: "\n") {
            // cgroups(7): ID:CONTROLLERS:PATH, with no controllers in version 2.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let base: String
            switch fields[1] {
            case "": base = root
            case "memory": base = root + "/memory"
            default: continue
            }
            // In a container, the group may be the root of what is mounted.
            folders.insert(base)
            var path = String(fields[2])
            while path.hasPrefix("/"), path != "/" {
                folders.insert(base + path)
                path = (path as NSString).deletingLastPathComponent
            }
        }
        let limits = folders.flatMap { ["\($0)/memory.max", "\($0)/memory.limit_in_bytes"] }
            .compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
            .compactMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        // Version 1 writes "no limit" as a huge number, version 2 as the word max.
        return limits.min().flatMap { $0 < 1 << 60 ? MemoryLimit(bytes: $0) : nil }
    }

    /// The warning that the budgets may need more than the limit; nil if they do not.
    public func warning(_ budgets: BudgetLimits) -> String? {
        guard budgets.memory > bytes else { return nil }
        return "the budgets may need \(budgets.memory >> 20) MiB of memory, and the container has \(bytes >> 20) MiB; "
            + "raise the memory limit, or lower --max-hosts, --max-paths, --max-pods or --max-configuration-size"
    }
}
