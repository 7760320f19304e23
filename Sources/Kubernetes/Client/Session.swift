internal import Basics
internal import Foundation
internal import HTTPClient
internal import KubernetesAPI
internal import Logging

/// The current credentials. Tokens and files are read again when they are due, and when the server rejects them.
actor Session {
    /// The parts of a request that depend on the credentials.
    struct Authorization: Sendable, Equatable {
        var header: Secret?
        var tls: TLSOptions
        var proxy: String?
    }

    private struct Login: Equatable {
        var header: Secret?
        var identity: TLSOptions.Identity?
        /// The time at which the login is read again.
        var due: Date
    }

    private let credentials: ClusterCredentials
    private let now: @Sendable () -> Date
    private let logger: Logger
    private var trust: TLSOptions.Trust?
    private var login: Login?
    /// The running plugin, shared by all requests that wait for it. Cancelling one of them cancels it for all.
    private var running: Task<Result<ExecCredential, CredentialsError>, Never>?

    /// In seconds. The kubelet renews token files long before they expire, so reading them once a minute is sufficient.
    private static let minute = 60.0

    init(credentials: ClusterCredentials, now: @escaping @Sendable () -> Date, logger: Logger) {
        self.credentials = credentials
        self.now = now
        self.logger = logger
    }

    func authorization() async throws(CredentialsError) -> Authorization {
        let trust = try await currentTrust()
        let login = try await currentLogin()
        return Authorization(
            header: login.header,
            tls: TLSOptions(trust: trust, identity: login.identity, serverName: credentials.serverName),
            proxy: credentials.proxy)
    }

    /// Reads the login again after a 401.
    /// - Returns: false if it is unchanged, so that a retry is useless.
    func renewLogin(after rejected: Authorization) async throws(CredentialsError) -> Bool {
        let present = try await authorization()
        // Another request has already renewed it.
        if present != rejected { return true }
        login = nil
        return try await authorization() != rejected
    }

    /// Reads the certificate authority and the login again after a failed TLS handshake.
    /// - Returns: false if both are unchanged, so that a retry is useless.
    func renewTrust(after rejected: Authorization) async throws(CredentialsError) -> Bool {
        let present = try await authorization()
        if present != rejected { return true }
        (trust, login) = (nil, nil)
        return try await authorization() != rejected
    }

    private func currentTrust() async throws(CredentialsError) -> TLSOptions.Trust {
        if let trust { return trust }
        let fresh: TLSOptions.Trust =
            switch credentials.trust {
            case .system: .system
            case .anything: .anything
            case .authority(let material): .pem(try await read(material))
            }
        trust = fresh
        return fresh
    }

    private func currentLogin() async throws(CredentialsError) -> Login {
        if let login, now() < login.due { return login }
        do throws(CredentialsError) {
            let fresh = try await freshLogin()
            login = fresh
            return fresh
        } catch {
            // The last token may still be valid while its file cannot be read.
            guard let last = login else { throw error }
            logger.warning("cannot read credentials, using the previous ones", metadata: ["error": "\(error)"])
            return last
        }
    }

    private func freshLogin() async throws(CredentialsError) -> Login {
        var fresh = Login(due: now() + Session.minute)
        if let identity = credentials.identity {
            fresh.identity = TLSOptions.Identity(
                certificate: try await read(identity.certificate), key: try await read(identity.key))
        }
        switch credentials.login {
        case .none:
            break
        case .token(let token):
            fresh.header = Secret("Bearer \(token.text)")
        case .tokenFile(let path):
            let text = String(decoding: try await read(.file(path)), as: UTF8.self)
            let token = text.trimmed
            guard !token.isEmpty else { throw CredentialsError(path, "expected a token, found an empty file") }
            fresh.header = Secret("Bearer \(token)")
        case .basic(let user, let password):
            fresh.header = Secret("Basic \(Data("\(user):\(password.text)".utf8).base64EncodedString())")
        case .exec(let plugin):
            let credential = try await run(plugin)
            fresh.header = credential.token.map { Secret("Bearer \($0.text)") }
            if let certificate = credential.certificate, let key = credential.key {
                fresh.identity = TLSOptions.Identity(certificate: certificate, key: key)
            }
            fresh.due = credential.expires ?? .distantFuture
        }
        return fresh
    }

    private func run(_ plugin: ExecPlugin) async throws(CredentialsError) -> ExecCredential {
        let task =
            running
            ?? Task {
                do throws(CredentialsError) {
                    return Result<ExecCredential, CredentialsError>.success(try await plugin.run())
                } catch {
                    return .failure(error)
                }
            }
        running = task
        defer { if running == task { running = nil } }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    private func read(_ material: ClusterCredentials.Material) async throws(CredentialsError) -> [UInt8] {
        try await blocking {
            Result { () throws(CredentialsError) in try material.read() }
        }.get()
    }
}
