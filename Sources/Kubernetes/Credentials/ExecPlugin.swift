internal import Foundation
internal import KubernetesAPI
internal import Subprocess
internal import SystemPackage

/// A program that obtains credentials (client.authentication.k8s.io, "client-go credential plugins").
struct ExecPlugin: Sendable, Equatable {
    enum Version: String, Sendable, CaseIterable, Codable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    var version: Version
    /// An absolute path, or a name that is looked up in PATH of `environment`.
    var command: String
    var arguments: [String]
    /// The complete environment of the plugin.
    var environment: [String: String]
    var installHint: String?
    var cluster: ClusterInfo?

    /// Runs the plugin without standard input, for at most a minute.
    func run() async throws(CredentialsError) -> ExecCredential {
        var variables: [Environment.Key: String] = ["KUBERNETES_EXEC_INFO": try encodedInfo()]
        for (name, value) in environment where name != "KUBERNETES_EXEC_INFO" {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        let output: (text: String, errors: String, status: TerminationStatus)
        do {
            output = try await withThrowingTaskGroup { group in
                group.addTask { [variables] in
                    let result = try await Subprocess.run(
                        command.hasPrefix("/") ? .path(FilePath(command)) : .name(command),
                        arguments: Arguments(arguments),
                        environment: .custom(variables),
                        input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
                    return (result.standardOutput, result.standardError, result.terminationStatus)
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(60))
                    throw CredentialsError(command, "expected credentials within 60 s, found none")
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch let error as CredentialsError {
            throw error
        } catch {
            throw CredentialsError(command, "cannot be run: \(error)\(installHint.map { "; \($0)" } ?? "")")
        }
        guard output.status.isSuccess else {
            let last = output.errors.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
            throw CredentialsError(command, "expected exit status 0, found \(output.status)\(last)")
        }
        return try ExecCredential(output.text, version: version, command: command)
    }

    private func encodedInfo() throws(CredentialsError) -> String {
        let info = Info(apiVersion: version, spec: Info.Spec(cluster: cluster))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(info) else {
            throw CredentialsError(command, "cannot encode KUBERNETES_EXEC_INFO")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ExecPlugin {
    /// The content of KUBERNETES_EXEC_INFO.
    private struct Info: Encodable {
        var apiVersion: Version
        var kind = "ExecCredential"
        var spec: Spec

        struct Spec: Encodable {
            var interactive = false
            var cluster: ClusterInfo?
        }
    }

    struct ClusterInfo: Sendable, Equatable, Encodable {
        var server: String
        var tlsServerName: String?
        var insecureSkipTLSVerify: Bool?
        /// PEM; base64 in JSON.
        var certificateAuthority: Data?
        var proxy: String?

        private enum CodingKeys: String, CodingKey {
            case server
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case certificateAuthority = "certificate-authority-data"
            case proxy = "proxy-url"
        }

        init(_ credentials: ClusterCredentials) throws(CredentialsError) {
            server = credentials.server
            tlsServerName = credentials.serverName
            proxy = credentials.proxy
            switch credentials.trust {
            case .system: break
            case .anything: insecureSkipTLSVerify = true
            case .authority(let material): certificateAuthority = Data(try material.read())
            }
        }
    }
}
