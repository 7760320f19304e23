internal import Glibc

/// The named pipe (fifo(7)) that is nginx's standard error.
///
/// It never blocks nginx: what does not fit is dropped. It has a name so that an nginx that outlives its controller
/// writes to the next one: without a reader, its writes fail with EPIPE, and nginx ignores SIGPIPE.
///
/// Each message is one packet, because a message may contain line ends that a backend has sent.
final class MessagePipe: Sendable {
    /// No message is longer: nginx's have at most 2048 bytes (NGX_MAX_ERROR_STR), a packet 4096 (PIPE_BUF).
    static let maximumLength = 4096
    /// The largest pipe that an unprivileged process may have by default (pipe(7)): 256 packets.
    private static let size: Int32 = 1 << 20
    /// F_SETPIPE_SZ, which Glibc does not declare.
    private static let setPipeSize: Int32 = 1031

    /// Stays open in this process, so that a read never finds the end of the file.
    let writeEnd: Int32
    private let readEnd: Int32
    /// False on a kernel without packets in named pipes. Then messages are split at line ends.
    let isPacketized: Bool

    /// Opens the pipe, and creates it with mode 0600 if it is missing. An existing one is kept: nginx may have it open.
    init(_ path: String) throws(FileError) {
        try Self.create(path)
        let flags = O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW
        // In this order: opening a non-blocking write end needs a reader.
        let readEnd = try attempt("open", path) { open(path, O_RDONLY | flags) }
        do throws(FileError) {
            writeEnd = try attempt("open", path) { open(path, O_WRONLY | flags) }
        } catch {
            close(readEnd)
            throw error
        }
        self.readEnd = readEnd
        let status = fcntl(writeEnd, F_GETFL)
        isPacketized = status >= 0 && fcntl(writeEnd, F_SETFL, status | __O_DIRECT) == 0
        // Above the system's limits, the size stays.
        _ = fcntl(writeEnd, Self.setPipeSize, Self.size)
    }

    deinit {
        close(writeEnd)
        close(readEnd)
    }

    private static func create(_ path: String) throws(FileError) {
        var status = stat()
        if lstat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFIFO, status.st_uid == geteuid() { return }
            try attempt("remove", path) { unlink(path) }
        }
        try attempt("create", path) { mkfifo(path, 0o600) }
    }

    /// One message, or in a pipe without packets any bytes; nil if there are none.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Self.maximumLength)
        while true {
            let count = Glibc.read(readEnd, &buffer, buffer.count)
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 || errno != EINTR { return nil }
        }
    }

    /// True if no further message fits: some may have been dropped.
    var isFull: Bool {
        var entry = pollfd(fd: writeEnd, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 0
    }

    /// Waits for messages. Blocks.
    ///
    /// - Parameters:
    ///   - stop: another descriptor whose other end may be closed.
    ///   - timeout: in milliseconds; -1 for none.
    /// - Returns: false if `stop` is closed.
    func wait(or stop: Int32, timeout: Int32) -> Bool {
        var entries = [
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
        ]
        return poll(&entries, 2, timeout) <= 0 || entries[1].revents == 0
    }

    /// Whether a process writes its standard error to this pipe; nil if that cannot be determined.
    func isStandardError(of pid: pid_t) -> Bool? {
        var (theirs, ours) = (stat(), stat())
        guard stat("/proc/\(pid)/fd/2", &theirs) == 0, fstat(readEnd, &ours) == 0 else { return nil }
        return theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino
    }
}
