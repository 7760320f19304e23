internal import Glibc
internal import NginxConfig
internal import Subprocess
internal import SystemPackage

/// The nginx program: where it is, what it is, and whether it accepts a configuration.
public struct NginxBinary: Sendable {
    public let path: String
    public let version: NginxVersion
    /// Only what nginx needs: our own environment may hold tokens, and a variable named `NGINX` would make it look
    /// for sockets to inherit (ngx_add_inherited_sockets).
    let environment: Environment

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
        let environment = Environment.custom(["PATH": searchPath])
        let output: String
        do {
            let result = try await run(
                .path(FilePath(path)), arguments: ["-v"], environment: environment, output: .discarded,
                error: .string(limit: 65536))
            output = result.standardError
        } catch {
            throw .notRunnable(path, "\(error)")
        }
        guard let version = NginxVersion(output: output) else {
            throw .notRunnable(path, "found '\(output.prefix(200))'")
        }
        guard version >= .oldest else { throw .tooOld(path, version) }
        return NginxBinary(path: path, version: version, environment: environment)
    }

    /// What nginx is always told: messages to stderr from the first moment on, and no file of its build's prefix.
    func arguments(_ extra: [String], configuration: String, state: StateDirectory) -> Arguments {
        Arguments(["-e", "stderr", "-p", state.root.text, "-c", configuration] + extra)
    }

    /// Runs `nginx -t` on a generation.
    ///
    /// - Returns: nil when nginx accepts it, else nginx's own words.
    public func test(_ generation: Generation, state: StateDirectory) async -> String? {
        do {
            let result = try await run(
                .path(FilePath(path)),
                arguments: arguments(["-t", "-q"], configuration: generation.mainFile, state: state),
                environment: environment, output: .discarded, error: .string(limit: 1 << 20))
            guard !result.terminationStatus.isSuccess else { return nil }
            return NginxMessage.worst(in: result.standardError)?.text ?? "nginx -t: \(result.terminationStatus)"
        } catch {
            return "nginx -t could not be run: \(error)"
        }
    }
}
