import Foundation
import TestBed

/// A memory control group with a limit, as the kubelet makes it for a container (cgroups(7), versions 1 and 2).
struct MemoryGroup {
    private let folder: URL
    private let isVersion2: Bool

    /// Nil if this machine does not allow it.
    init?(limit: Int) {
        let root = "/sys/fs/cgroup"
        isVersion2 = FileManager.default.fileExists(atPath: "\(root)/cgroup.controllers")
        folder = URL(filePath: root + (isVersion2 ? "" : "/memory")).appending(path: "vault-ingress-\(getpid())")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            try write(String(limit), isVersion2 ? "memory.max" : "memory.limit_in_bytes")
        } catch {
            try? FileManager.default.removeItem(at: folder)
            return nil
        }
    }

    /// Moves a process into the group. Its later children follow it.
    func add(_ pid: Int32) throws { try write(String(pid), "cgroup.procs") }

    /// The memory that cannot be reclaimed, in bytes: of processes, and of files in memory.
    var used: Int {
        let lines = text("memory.stat").split(separator: "\n").map { $0.split(separator: " ") }
        let names = isVersion2 ? ["anon", "shmem"] : ["total_rss", "total_shmem"]
        let found = lines.filter { $0.count == 2 && names.contains(String($0[0])) }.compactMap { Int($0[1]) }
        return found.reduce(0, +)
    }

    /// The processes that the kernel killed because the limit was reached.
    var kills: Int {
        let lines = text(isVersion2 ? "memory.events" : "memory.oom_control").split(separator: "\n")
        return lines.first { $0.hasPrefix("oom_kill ") }.flatMap { Int($0.dropFirst(9)) } ?? 0
    }

    /// Fails while a process is left; then the folder stays until the machine restarts.
    func remove() { rmdir(folder.path) }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    private func write(_ text: String, _ name: String) throws {
        // The files cannot be replaced, only written to.
        let file = try FileHandle(forWritingTo: folder.appending(path: name))
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}

/// The memory of a process and its descendants, from proc(5).
enum ProcessMemory {
    /// The largest resident size since the start, in bytes.
    static func peak(_ pid: Int32) -> Int { kilobytes("VmHWM:", in: "/proc/\(pid)/status") << 10 }

    /// The memory of the process and its descendants in bytes; what they share counts once.
    static func used(_ root: Int32) -> Int {
        ([root] + descendants(root)).reduce(0) { $0 + kilobytes("Pss:", in: "/proc/\($1)/smaps_rollup") << 10 }
    }

    /// The resident size, in bytes.
    static func resident(_ pid: Int32) -> Int { kilobytes("VmRSS:", in: "/proc/\(pid)/status") << 10 }

    /// The processes that a process has started, and theirs.
    static func descendants(_ root: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var children: [Int32: [Int32]] = [:]
        for pid in names.compactMap({ Int32($0) }) {
            children[Int32(kilobytes("PPid:", in: "/proc/\(pid)/status")), default: []].append(pid)
        }
        var found: [Int32] = []
        var open = [root]
        while let pid = open.popLast() {
            found += children[pid] ?? []
            open += children[pid] ?? []
        }
        return found
    }

    private static func kilobytes(_ name: String, in file: String) -> Int {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count).filter(\.isNumber)) } ?? 0
    }
}
