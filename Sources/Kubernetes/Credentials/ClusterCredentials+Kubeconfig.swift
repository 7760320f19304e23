internal import Basics
internal import Foundation
internal import KubernetesAPI

extension ClusterCredentials {
    /// Reads the credentials of a context of a kubeconfig. Blocks.
    ///
    /// - Parameters:
    ///   - file: relative paths in it are relative to its folder.
    ///   - context: the `current-context` of the file by default.
    ///   - environment: the environment of an exec plugin.
    public static func kubeconfig(
        file: String, context: String? = nil, environment: [String: String] = [:]
    ) throws(CredentialsError) -> ClusterCredentials {
        let bytes = try Material.file(file).read()
        let config: KubeconfigFile
        do throws(YAMLProblem) {
            guard let root = try YAMLDocuments(bytes).roots.first else {
                throw YAMLProblem(line: 1, column: 1, field: "", message: "expected a kubeconfig, found nothing")
            }
            config = try YAMLDocuments.decode(KubeconfigFile.self, from: root, secret: "users")
        } catch {
            throw CredentialsError("\(file):\(error.line)", field: error.field, error.message)
        }
        return try KubeconfigReader(file: file, config: config, environment: environment).credentials(context: context)
    }
}

/// Converts a kubeconfig into credentials. Errors name the field.
private struct KubeconfigReader {
    let file: String
    let config: KubeconfigFile
    let environment: [String: String]

    func credentials(context given: String?) throws(CredentialsError) -> ClusterCredentials {
        guard let name = given ?? config.currentContext.nonEmpty else {
            throw error("current-context", "expected the name of a context, found none")
        }
        let contexts = config.contexts ?? []
        guard let context = contexts.first(where: { $0.name == name })?.context else {
            throw error("contexts", "expected one named \"\(name)\", found \(list(contexts.map(\.name)))")
        }
        let clusters = config.clusters ?? []
        guard let index = clusters.firstIndex(where: { $0.name == context.cluster }) else {
            throw error("clusters", "expected one named \"\(context.cluster)\", found \(list(clusters.map(\.name)))")
        }
        var credentials = try read(clusters[index].cluster, field: "clusters[\(index)].cluster")
        credentials.namespace = context.namespace.nonEmpty
        if let user = context.user.nonEmpty {
            let users = config.users ?? []
            guard let index = users.firstIndex(where: { $0.name == user }) else {
                throw error("users", "expected one named \"\(user)\", found \(list(users.map(\.name)))")
            }
            let field = "users[\(index)].user"
            if let user = users[index].user {
                credentials.login = try login(user, field: field, cluster: credentials)
                credentials.identity = try identity(user, field: field)
            }
        }
        return credentials
    }

    private func read(_ cluster: KubeconfigFile.Cluster, field: String) throws(CredentialsError) -> ClusterCredentials {
        let server = cluster.server ?? ""
        guard let url = URL(string: server), url.scheme == "https" || url.scheme == "http", url.host?.isEmpty == false
        else { throw error("\(field).server", "expected a URL like https://host:6443, found \"\(server)\"") }
        var credentials = ClusterCredentials(server: server.hasSuffix("/") ? String(server.dropLast()) : server)
        credentials.serverName = cluster.tlsServerName.nonEmpty
        credentials.proxy = cluster.proxyURL.nonEmpty
        let authority = try material(
            cluster.certificateAuthorityData, cluster.certificateAuthority, field: "\(field).certificate-authority")
        if cluster.insecureSkipTLSVerify == true {
            credentials.trust = .anything
        } else if let authority {
            guard String(decoding: try authority.read(), as: UTF8.self).contains("-----BEGIN CERTIFICATE-----") else {
                throw error("\(field).certificate-authority", "expected PEM certificates, found something else")
            }
            credentials.trust = .authority(authority)
        }
        return credentials
    }

    /// Reads the fields in client-go's order: a token file takes precedence over a token.
    private func login(
        _ user: KubeconfigFile.User, field: String, cluster: ClusterCredentials
    ) throws(CredentialsError) -> ClusterCredentials.Login {
        if let name = user.impersonated.nonEmpty {
            throw error("\(field).as", "impersonation is not supported, found \"\(name)\"")
        }
        if let provider = user.authProvider {
            throw error(
                "\(field).auth-provider",
                "not supported, found \"\(provider.name ?? "")\"; expected an exec plugin (Kubernetes 1.26 removed it too)"
            )
        }
        if let path = user.tokenFile.nonEmpty { return .tokenFile(absolute(path)) }
        if let token = user.token.nonEmpty { return .token(Secret(token)) }
        if let name = user.username.nonEmpty { return .basic(user: name, password: Secret(user.password ?? "")) }
        if let exec = user.exec { return .exec(try plugin(exec, field: "\(field).exec", cluster: cluster)) }
        return .none
    }

    private func identity(
        _ user: KubeconfigFile.User, field: String
    ) throws(CredentialsError) -> ClusterCredentials.Identity? {
        let certificate = try material(
            user.clientCertificateData, user.clientCertificate, field: "\(field).client-certificate")
        let key = try material(user.clientKeyData, user.clientKey, field: "\(field).client-key")
        switch (certificate, key) {
        case (let certificate?, let key?): return ClusterCredentials.Identity(certificate: certificate, key: key)
        case (nil, nil): return nil
        case (nil, _): throw error("\(field).client-certificate", "expected the certificate of client-key, found none")
        case (_, nil): throw error("\(field).client-key", "expected the key of client-certificate, found none")
        }
    }

    private func plugin(
        _ exec: KubeconfigFile.Exec, field: String, cluster: ClusterCredentials
    ) throws(CredentialsError) -> ExecPlugin {
        guard let command = exec.command.nonEmpty else {
            throw error("\(field).command", "expected a command, found none")
        }
        guard let version = exec.apiVersion.flatMap(ExecPlugin.Version.init(rawValue:)) else {
            let known = ExecPlugin.Version.allCases.map(\.rawValue).joined(separator: " or ")
            throw error("\(field).apiVersion", "expected \(known), found \"\(exec.apiVersion ?? "")\"")
        }
        let added = (exec.env ?? []).map { ($0.name, $0.value ?? "") }
        return ExecPlugin(
            version: version,
            // As client-go: a name without a slash is looked up in PATH.
            command: command.contains("/") ? absolute(command) : command,
            arguments: exec.args ?? [],
            environment: environment.merging(added) { _, added in added },
            installHint: exec.installHint.nonEmpty,
            cluster: exec.provideClusterInfo == true ? try ExecPlugin.ClusterInfo(cluster) : nil)
    }

    private func material(
        _ data: String?, _ path: String?, field: String
    ) throws(CredentialsError) -> ClusterCredentials.Material? {
        if let data = data.nonEmpty {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters), !bytes.isEmpty else {
                throw error("\(field)-data", "expected base64, found something else")
            }
            return .data([UInt8](bytes))
        }
        return path.nonEmpty.map { .file(absolute($0)) }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/")
            ? path : URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: path).standardized.path
    }

    private func error(_ field: String, _ message: String) -> CredentialsError {
        CredentialsError(file, field: field, message)
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

extension String? {
    /// In a kubeconfig, an empty field is equivalent to an absent one.
    fileprivate var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}
