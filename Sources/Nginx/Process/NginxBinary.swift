internal import Glibc
internal import NginxConfig
internal import Subprocess
internal import SystemPackage

/// The nginx program: where it is, what it is, and whether it accepts a configuration.
public struct NginxBinary: Sendable {
    public let path: String
    public let version: NginxVersion
    /// The only variable nginx gets: our own environment may hold tokens, and one named `NGINX` would make it look for
    /// sockets to inherit (ngx_add_inherited_sockets).
    let searchPath: String
    private var environment: Environment { Self.environment(searchPath) }

    public enum Problem: Error, Equatable, CustomStringConvertible {
        case notFound(String)
        case notRunnable(String, String)
        case tooOld(String, NginxVersion)

        public var description: String {
            switch self {
            case .notFound(let name):
                "nginx: found no program '\(name)', expected one in PATH or a file named by --nginx"
            case .notRunnable(let path, let problem): "nginx: \(path) does not tell its version: \(problem)"
            case .tooOld(let path, let version):
                "nginx: \(path) is version \(version), expected \(NginxVersion.oldest) or newer"
            }
        }
    }

    /// Finds the program and asks for its version.
    ///
    /// - Parameters:
    ///   - name: a file, or a name to be looked up in `searchPath`.
    ///   - searchPath: folders as in the variable `PATH`.
    /// - Throws: `Problem`.
    public static func find(_ name: String, searchPath: String) async throws(Problem) -> NginxBinary {
        let candidates =
            name.contains("/") ? [name] : searchPath.split(separator: ":").map { "\($0)/\(name)" }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { throw .notFound(name) }
        let output: String
        do {
            let result = try await run(
                .path(FilePath(path)), arguments: ["-v"], environment: environment(searchPath), output: .discarded,
                error: .string(limit: 65536))
            output = result.standardError
        } catch {
            throw .notRunnable(path, "\(error)")
        }
        guard let version = NginxVersion(output: output) else {
            throw .notRunnable(path, "found '\(output.prefix(200))'")
        }
        guard version >= .oldest else { throw .tooOld(path, version) }
        return NginxBinary(path: path, version: version, searchPath: searchPath)
    }

    private static func environment(_ searchPath: String) -> Environment { .custom(["PATH": searchPath]) }

    /// What nginx is always told: messages to stderr from the first moment on, and no file of its build's prefix.
    func arguments(_ extra: [String], configuration: String, state: StateDirectory) -> [String] {
        ["-e", "stderr", "-p", state.root.text, "-c", configuration] + extra
    }

    /// What `nginx -t` said.
    public enum Verdict: Sendable, Equatable {
        case accepted
        /// In nginx's own words.
        case refused(String)
        /// It could not be asked, or took too long; says nothing about the configuration.
        case unknown(String)

        /// Nil where it is accepted.
        public var problem: String? {
            switch self {
            case .accepted: nil
            case .refused(let problem), .unknown(let problem): problem
            }
        }
    }

    /// Runs `nginx -t` on a generation.
    ///
    /// - Parameter limit: after which it is killed: a resolver or a disk that hangs must not hang the caller.
    public func test(
        _ generation: Generation, state: StateDirectory, within limit: Duration = .seconds(60)
    ) async -> Verdict {
        await withTaskGroup(of: Verdict.self) { group in
            group.addTask { await test(generation, state: state) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return .unknown("nginx -t did not end within \(limit)")
            }
            defer { group.cancelAll() }
            return await group.next() ?? .accepted
        }
    }

    /// Killed when the task is cancelled.
    private func test(_ generation: Generation, state: StateDirectory) async -> Verdict {
        do {
            let result = try await run(
                .path(FilePath(path)),
                arguments: Arguments(arguments(["-t", "-q"], configuration: generation.mainFile, state: state)),
                environment: environment, output: .discarded, error: .string(limit: 1 << 20))
            guard !result.terminationStatus.isSuccess else { return .accepted }
            guard let message = NginxMessage.worst(in: result.standardError) else {
                return .unknown("nginx -t: \(result.terminationStatus)")
            }
            return message.isAboutMachine ? .unknown(message.text) : .refused(message.text)
        } catch {
            return .unknown("nginx -t could not be run: \(error)")
        }
    }
}
