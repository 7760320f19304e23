internal import CLinux
internal import Glibc

/// Core dumps would write the tokens and private keys in memory to a disk.
public enum CoreDumps {
    /// Forbids core dumps of this process and of the processes that it starts. Also, other processes of the same user
    /// can no longer read its memory or its environment.
    public static func forbid() {
        // core(5): 0 prevents only files. A program in /proc/sys/kernel/core_pattern would still receive the dump; with
        // the value 1, the kernel does not start it (fs/coredump.c).
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
        if setrlimit(resource, &limit) != 0 {
            // The hard limit is 0.
            limit = rlimit(rlim_cur: 0, rlim_max: 0)
            setrlimit(resource, &limit)
        }
        _ = clinux_forbid_dumps()
    }
}
