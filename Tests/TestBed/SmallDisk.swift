public import Foundation
import Glibc

/// A file system of its own (tmpfs) that can be filled. Takes root with the right to mount.
public struct SmallDisk: Sendable {
    public let folder: URL
    private var ballast: URL { folder.appending(path: "ballast") }

    /// Why there can be none here; nil where there can.
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

    /// Runs `body` with a disk of that size, which is gone afterwards.
    public static func run<Value>(bytes: Int, _ body: (SmallDisk) async throws -> Value) async throws -> Value {
        let disk = SmallDisk(folder: try TemporaryFolder.make("disk"))
        try mount(disk.folder, bytes: bytes)
        // Detached: processes on it may take a moment to end.
        defer { umount2(disk.folder.path, Int32(MNT_DETACH)) }
        return try await body(disk)
    }

    private static func mount(_ folder: URL, bytes: Int) throws {
        guard Glibc.mount("tmpfs", folder.path, "tmpfs", 0, "size=\(bytes),mode=0755") == 0 else {
            throw BedError("no tmpfs can be mounted: \(String(cString: strerror(errno)))")
        }
    }

    /// Takes what is left of it.
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

    /// Whether files can be changed on it.
    public func remount(readOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        guard Glibc.mount("tmpfs", folder.path, "tmpfs", flags, "") == 0 else {
            throw BedError("\(folder.path) cannot be mounted again: \(String(cString: strerror(errno)))")
        }
    }
}
