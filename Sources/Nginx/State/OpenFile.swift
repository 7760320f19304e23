internal import Glibc

/// An open file, closed when its owner is deinitialized.
struct OpenFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String, flags: Int32, mode: mode_t = 0, operation: String) throws(FileError) {
        self.path = path
        descriptor = try attempt(operation, path) { open(path, flags | O_CLOEXEC, mode) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(FileError) {
        try bytes.withUnsafeBufferPointer { bytes throws(FileError) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = try attempt("write", path) {
                Int32(clamping: Glibc.write(descriptor, piece.baseAddress, piece.count))
            }
            rest = rest.dropFirst(Int(written))
        }
    }

    func readAll() throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = try attempt("read", path) {
                buffer.withUnsafeMutableBytes { Int32(clamping: Glibc.read(descriptor, $0.baseAddress, $0.count)) }
            }
            guard count > 0 else { return bytes }
            bytes += buffer[..<Int(count)]
        }
    }

    /// Throws if the file belongs to another user: root may open the files of all users.
    func checkOwner() throws(FileError) {
        var status = stat()
        try attempt("read the owner of", path) { fstat(descriptor, &status) }
        guard status.st_uid == geteuid() else { throw FileError(operation: "own", path: path, code: EPERM) }
    }

    /// Sets the group, then the mode.
    func restrict(to group: gid_t?, mode: mode_t) throws(FileError) {
        // -1 leaves the owner (chown(2)).
        if let group { try attempt("change the group of", path) { fchown(descriptor, uid_t.max, group) } }
        try attempt("change the mode of", path) { fchmod(descriptor, mode) }
    }

    /// Writes the content of the file, or the entries of the folder, to the disk.
    func sync() throws(FileError) {
        try attempt("sync", path) { fsync(descriptor) }
    }
}

enum File {
    /// Replaces a file in one step (rename(2)), and returns once it is on the disk.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        let draft = "\(path).draft"
        do {
            let file = try OpenFile(draft, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600, operation: "create")
            try file.write(bytes)
            try file.sync()
            try attempt("rename", draft) { rename(draft, path) }
        } catch {
            unlink(draft)
            throw error
        }
    }
}
