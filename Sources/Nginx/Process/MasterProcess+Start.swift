internal import CLinux
internal import Glibc

extension MasterProcess {
    /// Starts a command in a process group of its own: the terminal's Ctrl-C does not reach it, and workers that outlive
    /// it can be found by the group. Its input is empty, its output ours.
    ///
    /// - Parameter sockets: the listening sockets it inherits, and no other file of ours.
    /// - Throws: `FileError` where the program cannot be started.
    static func start(
        _ program: String, _ arguments: [String], environment: [String: String], sockets: [ListeningSocket]
    ) throws(FileError) -> MasterProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        // To numbers above all of their own, so that none is overwritten before it is copied; the rest is closed, which
        // is no error where nothing is open.
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
