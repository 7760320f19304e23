internal import Glibc

/// A file to which whole lines are appended. Every call blocks.
final class AuditFile {
    struct Failure: Error {
        /// The message of the system (strerror(3)).
        let reason: String

        init() { reason = String(cString: strerror(errno)) }
    }

    private let path: String
    private let rotation: AuditRotation
    private var descriptor: Int32
    /// True if a crash or a full disk has left a partial line, so that the next write starts a new one.
    private var isInsideLine: Bool
    /// The size that counts for the rotation.
    private var size: Int
    private(set) var isEmpty: Bool

    /// Opens the file for appending, and creates it with mode 0640 if it is missing.
    init(_ path: String, _ rotation: AuditRotation) throws(Failure) {
        self.path = path
        self.rotation = rotation
        let opened = try Self.open(path)
        (descriptor, size, isInsideLine) = (opened.descriptor, opened.size, opened.isInsideLine)
        isEmpty = opened.size == 0
    }

    deinit { close(descriptor) }

    /// True if this number of further bytes exceeds the limit of the file.
    func isFull(for count: Int) -> Bool {
        guard let maxSize = rotation.maxSize, !isEmpty else { return false }
        return size + count > maxSize
    }

    /// Writes the lines and waits until they are on the disk.
    ///
    /// - Parameter isHead: the head does not count for the size of the file. With many hosts it is large, and each new
    ///   file would be full at once.
    func append(_ lines: [UInt8], isHead: Bool = false) throws(Failure) {
        try lines.write(to: descriptor, isInsideLine: &isInsideLine)
        isEmpty = false
        if !isHead { size += lines.count }
        // A pipe or a device cannot be synced.
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw Failure() }
    }

    /// Renames FILE to FILE.1, FILE.1 to FILE.2, and so on, and removes the oldest. Each step is one rename(2), the
    /// oldest first, so that a crash loses nothing.
    func rotate() throws(Failure) {
        // If another controller with the same file, or logrotate, has rotated it already, only reopen it.
        if isStillNamed {
            var surplus = rotation.keep
            while unlink("\(path).\(surplus)") == 0 { surplus += 1 }
            for number in stride(from: rotation.keep - 1, to: 0, by: -1) {
                guard rename("\(path).\(number)", "\(path).\(number + 1)") == 0 || errno == ENOENT else {
                    throw Failure()
                }
            }
            guard rename(path, "\(path).1") == 0 else { throw Failure() }
        }
        try reopen()
    }

    /// Opens the file that now has the name. If it cannot be opened, the previous file stays in use.
    func reopen() throws(Failure) {
        let opened = try Self.open(path)
        close(descriptor)
        (descriptor, size, isInsideLine) = (opened.descriptor, opened.size, opened.isInsideLine)
        isEmpty = opened.size == 0
    }

    private var isStillNamed: Bool {
        var (named, own) = (stat(), stat())
        return stat(path, &named) == 0 && fstat(descriptor, &own) == 0 && named.st_ino == own.st_ino
            && named.st_dev == own.st_dev && own.st_mode & S_IFMT == S_IFREG
    }

    private static func open(
        _ path: String
    ) throws(Failure) -> (descriptor: Int32, size: Int, isInsideLine: Bool) {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Failure() }
        syncFolder(of: path)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return (descriptor, 0, false)
        }
        return (descriptor, status.st_size, lastByte(of: path, at: status.st_size - 1) != UInt8(ascii: "\n"))
    }

    private static func lastByte(of path: String, at offset: Int) -> UInt8? {
        let reader = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { close(reader) }
        var byte: UInt8 = 0
        return pread(reader, &byte, 1, offset) == 1 ? byte : nil
    }

    /// Syncs the folder: a new name is on the disk only after that (fsync(2)).
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

extension [UInt8] {
    /// - Parameter isInsideLine: whether the last write ended with a partial line; then this one starts with a line
    ///   break.
    func write(to descriptor: Int32, isInsideLine: inout Bool) throws(AuditFile.Failure) {
        var rest = (isInsideLine ? [UInt8(ascii: "\n")] + self : self)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                isInsideLine = rest[rest.startIndex + count - 1] != UInt8(ascii: "\n")
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw AuditFile.Failure()
            }
        }
    }
}
