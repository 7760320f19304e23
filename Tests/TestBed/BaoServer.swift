public import Foundation
public import HTTPClient

/// A real OpenBao server in development mode: unsealed, storage in memory, KV 2 at `secret/`.
public struct BaoServer: Sendable {
    public static let rootToken = "bed-root"

    public let address: String
    /// A private folder with its log and, with TLS, its CA.
    public let folder: URL
    public let process: ServerProcess
    private let client = HTTPClient()

    /// - Parameters:
    ///   - tls: serve HTTPS; the CA is `folder/vault-ca.pem`.
    ///   - configuration: additional HCL.
    public static func start(tls: Bool = false, configuration: String? = nil) async throws -> BaoServer {
        let folder = try TemporaryFolder.make("bao")
        let port = try FreePort.next()
        var arguments = [
            "server", "-dev", "-dev-root-token-id=\(rootToken)", "-dev-listen-address=127.0.0.1:\(port)",
            "-dev-no-store-token",
        ]
        if tls { arguments += ["-dev-tls", "-dev-tls-cert-dir=\(folder.path)"] }
        if let configuration {
            let file = folder.appending(path: "bao.hcl")
            try configuration.write(to: file, atomically: true, encoding: .utf8)
            arguments.append("-config=\(file.path)")
        }
        let process = try await ServerProcess("bao", .init(try Tools.bao, arguments), folder: folder)
        let server = BaoServer(
            address: "\(tls ? "https" : "http")://127.0.0.1:\(port)", folder: folder, process: process)
        try await process.ready("bao has its KV engine", within: .seconds(30)) {
            // The engine is mounted shortly after the server is active.
            try await server.send("GET", "secret/config").status == 200
        }
        return server
    }

    /// Sends a request, by default as root.
    public func send(
        _ method: String, _ path: String, _ body: JSON? = nil, token: String = rootToken
    ) async throws -> HTTPResponse {
        try await client.send(
            HTTPRequest(
                method: method, url: "\(address)/v1/\(path)", headers: ["X-Vault-Token": token],
                body: try body?.bytes, tls: TLSOptions(trust: .anything)))
    }

    /// Sends a request. A status of 300 or above is an error.
    @discardableResult
    public func call(
        _ method: String, _ path: String, _ body: JSON? = nil, token: String = rootToken
    ) async throws -> JSON {
        let response = try await send(method, path, body, token: token)
        guard response.status < 300 else {
            throw BedError("\(method) \(path): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
        return response.body.isEmpty ? .null : try JSON(parsing: response.body)
    }

    /// - Parameter paths: the capabilities by path, such as `["secret/data/ssl/*": ["read"]]`.
    public func policy(_ name: String, _ paths: [String: [String]]) async throws {
        let text = paths.sorted { $0.key < $1.key }.map { path, capabilities in
            "path \"\(path)\" { capabilities = [\(capabilities.map { "\"\($0)\"" }.joined(separator: ", "))] }"
        }
        try await call("PUT", "sys/policies/acl/\(name)", ["policy": .string(text.joined(separator: "\n"))])
    }

    /// - Parameter more: additional parameters of `auth/token/create`.
    public func token(policies: [String], ttl: String = "1h", more: [String: JSON] = [:]) async throws -> String {
        var body: [String: JSON] = ["policies": .array(policies.map(JSON.string)), "ttl": .string(ttl)]
        body.merge(more) { _, new in new }
        guard let token = try await call("POST", "auth/token/create", .object(body))["auth"]["client_token"].string
        else { throw BedError("the response has no token") }
        return token
    }
}
