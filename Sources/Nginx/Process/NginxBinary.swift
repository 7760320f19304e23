internal import Glibc
internal import NginxConfig
internal import Subprocess
internal import SystemPackage

/// The nginx program: its path, its version, and `nginx -t`.
public struct NginxBinary: Sendable {
    public let path: String
    public let version: NginxVersion
    /// True if the program was built with the just-in-time compiler of regular expressions.
    public let hasPCREJIT: Bool
    /// `PATH`, the only variable that nginx gets: the controller's environment may contain tokens, and a variable
    /// `NGINX` would make nginx look for inherited sockets (ngx_add_inherited_sockets).
    let searchPath: String
    private var environment: Environment { Self.environment(searchPath) }

    public enum Problem: Error, Equatable, CustomStringConvertible {
        case notFound(String)
        case notRunnable(String, String)
        case tooOld(String, NginxVersion)

        public var description: String {
            switch self {
            case .notFound(let name):
                "nginx: program '\(name)' not found, expected it in PATH; set --nginx to the file"
            case .notRunnable(let path, let problem): "nginx: cannot read the version of \(path): \(problem)"
            case .tooOld(let path, let version):
                "nginx: \(path) is version \(version), expected \(NginxVersion.oldest) or newer"
            }
        }
    }

    /// Finds the program and reads its version.
    ///
    /// - Parameters:
    ///   - name: a file, or a name that is looked up in `searchPath`.
    ///   - searchPath: folders, in the format of `PATH`.
    public static func find(_ name: String, searchPath: String) async throws(Problem) -> NginxBinary {
        let candidates =
            name.contains("/") ? [name] : searchPath.split(separator: ":").map { "\($0)/\(name)" }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { throw .notFound(name) }
        let output: String
        do {
            let result = try await run(
                .path(FilePath(path)), arguments: ["-V"], environment: environment(searchPath), output: .discarded,
                error: .string(limit: 65536))
            output = result.standardError
        } catch {
            throw .notRunnable(path, "\(error)")
        }
        guard let version = NginxVersion(output: output) else {
            throw .notRunnable(path, "found '\(output.prefix(200))'")
        }
        guard version >= .oldest else { throw .tooOld(path, version) }
        return NginxBinary(
            path: path, version: version, hasPCREJIT: output.contains("--with-pcre-jit"), searchPath: searchPath)
    }

    private static func environment(_ searchPath: String) -> Environment { .custom(["PATH": searchPath]) }

    /// The command line of nginx: messages go to stderr from the start, and no file below the compiled-in prefix is
    /// used.
    func arguments(_ extra: [String], configuration: String, state: StateDirectory) -> [String] {
        ["-e", "stderr", "-p", state.root.text, "-c", configuration] + extra
    }

    /// The result of `nginx -t`.
    public enum Verdict: Sendable, Equatable {
        case accepted
        /// With nginx's message.
        case rejected(String)
        /// The test lacked time or memory: it was killed, or reported that it had none. A smaller configuration may pass.
        case exhausted(String)
        /// The test could not be run. The configuration may be valid.
        case unknown(String)

        /// Nil if nginx accepts the configuration.
        public var problem: String? {
            switch self {
            case .accepted: nil
            case .rejected(let problem), .exhausted(let problem), .unknown(let problem): problem
            }
        }
    }

    /// Runs `nginx -t` on a generation.
    ///
    /// - Parameter limit: the time after which the test is killed, because a resolver or a disk may hang.
    public func test(
        _ generation: Generation, state: StateDirectory, within limit: Duration = .seconds(60)
    ) async -> Verdict {
        await withTaskGroup(of: Verdict.self) { group in
            group.addTask { await test(generation, state: state) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return .exhausted("nginx -t did not end within \(limit)")
            }
            defer { group.cancelAll() }
            return await group.next() ?? .accepted
        }
    }

    /// Cancellation kills the test.
    private func test(_ generation: Generation, state: StateDirectory) async -> Verdict {
        do {
            let result = try await run(
                .path(FilePath(path)),
                arguments: Arguments(arguments(["-t", "-q"], configuration: generation.mainFile, state: state)),
                environment: environment, output: .discarded, error: .string(limit: 1 << 20))
            guard !result.terminationStatus.isSuccess else { return .accepted }
            // SIGKILL is that of the kernel when memory runs out.
            if case .signaled(let signal) = result.terminationStatus {
                return .exhausted("nginx -t was ended by signal \(signal)")
            }
            guard let message = NginxMessage.worst(in: result.standardError) else {
                return .unknown("nginx -t: \(result.terminationStatus)")
            }
            if message.isAboutMemory { return .exhausted(message.text) }
            return message.isAboutMachine ? .unknown(message.text) : .rejected(message.text)
        } catch {
            return .unknown("nginx -t could not be run: \(error)")
        }
    }
}
