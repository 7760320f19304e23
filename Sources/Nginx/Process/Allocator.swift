internal import CLinux

/// The memory allocator of libc. With thousands of hosts, what a pass needs for a moment is several times what stays.
public enum Allocator {
    /// Call it first. By default each processor has eight arenas, and none returns what another one could use.
    public static func limitArenas() { clinux_limit_arenas(2) }

    /// Returns unused memory to the system, which free(3) seldom does. Takes milliseconds.
    static func trim() { clinux_trim_memory() }
}
