import Foundation
import Glibc

/// posix_spawn(3) for the bed's servers.
enum Spawn {
    /// Starts the command in its own process group (Ctrl-C reaches the tests, which stop it), with empty input,
    /// output appended to `log`, and no other inherited files.
    static func start(_ command: ServerProcess.Command, log: URL) throws(BedError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        // A child must not inherit connections, which would stay open. Includes numbers above the highest open one,
        // because other threads may open files before the start. Closing a number that is not open is not an error.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let last = open.compactMap { Int32($0) }.max() ?? STDERR_FILENO
        for descriptor in (STDERR_FILENO + 1)...(last + 100) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

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

        // setpriv(1) sets the parent-death signal and executes the command in the same process.
        let words =
            ["setpriv", "--pdeathsig", command.deathSignal.rawValue, "--", command.executable] + command.arguments
        let environment = ProcessInfo.processInfo.environment.merging(command.environment) { _, new in new }
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }

        guard FileManager.default.isExecutableFile(atPath: command.executable) else {
            throw BedError("\(command.executable) is not an executable file")
        }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, "setpriv", &actions, &attributes, &argv, &envp)
        guard error == 0 else {
            throw BedError("\(command.executable) did not start: \(String(cString: strerror(error)))")
        }
        return pid
    }
}
