public import Foundation
import Glibc

/// A small file system (tmpfs) that can be filled. Requires root and the permission to mount.
public struct SmallDisk: Sendable {
    public let folder: URL
    private var ballast: URL { folder.appending(path: "ballast") }

    /// The reason why it cannot be mounted on this machine; nil if it can.
    public static let obstacle: String? = {
        do {
            let folder = try TemporaryFolder.make("disk")
            try mount(folder, bytes: 1 << 16)
            umount2(folder.path, Int32(MNT_DETACH))
            return nil
        } catch {
            return "\(error)"
        }
    }()

    /// Runs `body` with a disk of that size, and unmounts it.
    public static func run<Value>(bytes: Int, _ body: (SmallDisk) async throws -> Value) async throws -> Value {
        let disk = SmallDisk(folder: try TemporaryFolder.make("disk"))
        try mount(disk.folder, bytes: bytes)
        // Detached, because processes may still use it.
        defer { umount2(disk.folder.path, Int32(MNT_DETACH)) }
        return try await body(disk)
    }

    private static func mount(_ folder: URL, bytes: Int) throws {
        guard Glibc.mount("tmpfs", folder.path, "tmpfs", 0, "size=\(bytes),mode=0755") == 0 else {
            throw BedError("cannot mount a tmpfs: \(String(cString: strerror(errno)))")
        }
    }

    /// Fills the disk.
    public func fill() throws {
        let file = open(ballast.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BedError("\(ballast.path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        let page = [UInt8](repeating: 0, count: 4096)
        while write(file, page, page.count) > 0 {}
    }

    public func free() throws {
        try FileManager.default.removeItem(at: ballast)
    }

    /// Remounts the disk, writable or read-only.
    public func remount(readOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        guard Glibc.mount("tmpfs", folder.path, "tmpfs", flags, "") == 0 else {
            throw BedError("\(folder.path) cannot be mounted again: \(String(cString: strerror(errno)))")
        }
    }
}
