internal import CLinux
internal import Glibc

extension MasterProcess {
    /// Starts a program in its own process group: the terminal's Ctrl-C does not reach it, and workers that outlive it
    /// are found by the group. Its input is empty, its output is the controller's.
    ///
    /// - Parameters:
    ///   - sockets: the listening sockets that it inherits. It inherits no other files.
    ///   - messages: its standard error; nil discards what it writes. It is never the controller's: what nginx writes
    ///     contains bytes of backends, with line ends.
    /// - Throws: `FileError` if the program cannot be started.
    static func start(
        _ program: String, _ arguments: [String], environment: [String: String], sockets: [ListeningSocket],
        messages: MessagePipe?
    ) throws(FileError) -> MasterProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        if let messages {
            posix_spawn_file_actions_adddup2(&actions, messages.writeEnd, STDERR_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        // The copies get higher numbers than all originals, so that no original is overwritten before it is copied.
        // Closing a number that is not open is not an error.
        let first = (sockets.map(\.descriptor).max() ?? STDERR_FILENO) + 1
        var next = first
        for socket in sockets {
            posix_spawn_file_actions_adddup2(&actions, socket.descriptor, next)
            next += 1
        }
        for descriptor in (STDERR_FILENO + 1)..<first { posix_spawn_file_actions_addclose(&actions, descriptor) }
        posix_spawn_file_actions_addclosefrom_np(&actions, next)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var environment = environment
        if !sockets.isEmpty { environment["NGINX"] = (first..<next).map { "\($0);" }.joined() }
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] =
            environment.sorted { $0.key < $1.key }
            .map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw FileError(operation: "start", path: program, code: code) }
        return MasterProcess(child: pid)
    }
}
