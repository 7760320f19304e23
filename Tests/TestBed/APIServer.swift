public import Foundation
public import HTTPClient

/// A real kube-apiserver: RBAC, ServiceAccount tokens, and Services with local addresses (127.96.0.0/16).
///
/// No other part of a cluster runs: no controller creates endpoints, or deletes the objects of a deleted namespace.
public actor APIServer {
    /// A bearer token in the group `system:masters`.
    public static let adminToken = "bed-admin"

    public nonisolated let url: String
    public nonisolated let authority: CertificateAuthority
    private nonisolated let folder: URL
    private var command: ServerProcess.Command
    public private(set) var process: ServerProcess
    private var plurals: [String: Resource] = [:]

    struct Resource: Sendable {
        var plural: String
        var isNamespaced: Bool
    }

    /// - Parameter options: additional command-line options, such as `--watch-cache=false`.
    public static func start(etcd: Etcd, folder: URL, options: [String] = []) async throws -> APIServer {
        let port = try FreePort.next()
        let pki = folder.appending(path: "pki")
        try FileManager.default.createDirectory(at: pki, withIntermediateDirectories: true)
        let authority = try await CertificateAuthority(folder: pki, commonName: "kubernetes")
        let serving = try await authority.issue(
            "kube-apiserver", names: ["IP:127.0.0.1", "DNS:localhost", "DNS:kubernetes.default.svc"])
        let accounts = try await authority.issue("service-accounts", newKey: ["rsa:2048"])
        let tokens = folder.appending(path: "tokens.csv")
        try #"\#(adminToken),admin,admin,"system:masters""#.write(to: tokens, atomically: true, encoding: .utf8)
        let command = ServerProcess.Command(
            try Tools.kubeAPIServer,
            [
                "--etcd-servers=\(etcd.url)",
                "--bind-address=127.0.0.1", "--secure-port=\(port)", "--insecure-port=0",
                "--tls-cert-file=\(serving.certificate.path)", "--tls-private-key-file=\(serving.key.path)",
                "--cert-dir=\(pki.path)", "--client-ca-file=\(authority.certificate.path)",
                "--token-auth-file=\(tokens.path)", "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=\(accounts.key.path)",
                "--service-account-signing-key-file=\(accounts.key.path)",
                // Every ClusterIP is an address of this machine, which replaces kube-proxy.
                "--service-cluster-ip-range=127.96.0.0/16",
                // The Endpoints of `kubernetes` must not contain a loopback address.
                "--endpoint-reconciler-type=none",
                "--allow-privileged=true",
            ] + options)
        let process = try await ServerProcess("kube-apiserver", command, folder: folder)
        let server = APIServer(port: port, authority: authority, folder: folder, command: command, process: process)
        try await server.waitUntilReady()
        return server
    }

    private init(
        port: Int, authority: CertificateAuthority, folder: URL, command: ServerProcess.Command, process: ServerProcess
    ) {
        url = "https://127.0.0.1:\(port)"
        self.authority = authority
        self.folder = folder
        self.command = command
        self.process = process
    }

    /// Stops the server, by default with SIGKILL.
    public func stop(_ signal: Int32? = nil) async {
        await process.stop(signal ?? SIGKILL)
    }

    /// Restarts the server on the same port, with the same keys. By default with SIGKILL, because on SIGTERM it waits
    /// for its clients.
    ///
    /// - Parameter options: additional command-line options from now on.
    public func restart(after signal: Int32? = nil, options: [String] = []) async throws {
        command.arguments += options
        await process.stop(signal ?? SIGKILL)
        process = try await ServerProcess(process.name, command, folder: folder)
        try await waitUntilReady()
    }

    private func waitUntilReady() async throws {
        try await process.ready("kube-apiserver is ready", within: .seconds(60)) {
            guard try await send("GET", "/readyz").status == 200 else { return false }
            // The server creates it shortly after it is ready.
            return try await send("GET", "/api/v1/namespaces/default").status == 200
        }
    }

    // MARK: Requests

    /// - Parameters:
    ///   - path: from the root, with the query.
    ///   - token: the administrator's by default.
    public nonisolated func send(
        _ method: String, _ path: String, body: JSON? = nil, contentType: String = "application/json",
        token: String = APIServer.adminToken
    ) async throws -> HTTPResponse {
        try await send(method, path, bytes: body.map { try $0.bytes }, contentType: contentType, token: token)
    }

    /// - Parameter bytes: the body, which need not be JSON that this program can decode.
    public nonisolated func send(
        _ method: String, _ path: String, bytes: [UInt8]?, contentType: String = "application/json",
        token: String = APIServer.adminToken
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(
            method: method, url: url + path,
            headers: ["Authorization": "Bearer \(token)", "Accept": "application/json"],
            tls: TLSOptions(trust: .file(authority.certificate.path)))
        if let bytes {
            request.headers["Content-Type"] = contentType
            request.body = bytes
        }
        return try await HTTP.send(request)
    }

    /// Sends a request. A status of 300 or above is an error with the server's message.
    @discardableResult
    public nonisolated func call(
        _ method: String, _ path: String, body: JSON? = nil, contentType: String = "application/json",
        token: String = APIServer.adminToken
    ) async throws -> JSON {
        let response = try await send(method, path, body: body, contentType: contentType, token: token)
        return try success(response, "\(method) \(path)")
    }

    nonisolated func success(_ response: HTTPResponse, _ request: String) throws -> JSON {
        guard response.status < 300 else {
            throw BedError("\(request): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
        return try JSON(parsing: response.body)
    }

    /// The name of a kind in paths, by discovery.
    func resource(apiVersion: String, kind: String) async throws -> Resource {
        if let known = plurals["\(apiVersion) \(kind)"] { return known }
        let list = try await call("GET", Self.root(apiVersion))
        for resource in list["resources"].array where resource["name"].string?.contains("/") == false {
            guard let kind = resource["kind"].string, let plural = resource["name"].string else { continue }
            plurals["\(apiVersion) \(kind)"] = Resource(
                plural: plural, isNamespaced: resource["namespaced"].bool ?? false)
        }
        guard let found = plurals["\(apiVersion) \(kind)"] else {
            throw BedError("the API server has no \(kind) in \(apiVersion)")
        }
        return found
    }

    static func root(_ apiVersion: String) -> String {
        apiVersion.contains("/") ? "/apis/\(apiVersion)" : "/api/\(apiVersion)"
    }
}
