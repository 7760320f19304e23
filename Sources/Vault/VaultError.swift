public import HTTPClient

/// The failure of a request to Vault. The description is one line for logs and Events. It never contains a token or the
/// value of a secret.
public indirect enum VaultError: Error, Equatable {
    /// No response: a failure of network or TLS, or a limit of the client. The cause names the URL.
    case unreachable(HTTPClientError)
    case sealed(path: String)
    case notInitialised(path: String)
    /// The node is a standby and has no active node.
    case standby(path: String)
    case permissionDenied(path: String, detail: String)
    /// No engine is mounted at the path. (A missing secret is not an error.)
    case notFound(path: String, detail: String)
    /// Too many requests, after the retries; with the server's `Retry-After`.
    case rateLimited(path: String, retryAfter: Duration?)
    /// The server rejects the request (400, 405, …).
    case rejected(path: String, status: Int, detail: String)
    /// 5xx or 412, after the retries.
    case serverFailed(path: String, status: Int, detail: String)
    /// A response that does not match the API.
    case malformedResponse(path: String, detail: String)
    /// A redirect that is not followed: the second in a row, from https to http, or to an invalid URL.
    case redirectRejected(path: String, location: String)
    /// The engine is KV 2, but the path was read as KV 1 because the policy denies `sys/internal/ui/mounts`.
    case versionedEngine(path: String)
    /// A path that is not sent to Vault.
    case invalidPath(path: String, reason: String)
    /// An unusable token, JWT or secret_id file.
    case credentials(file: String, reason: String)
    case loginFailed(method: String, cause: VaultError)
    /// The calling task was cancelled.
    case cancelled
}

extension VaultError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let cause): "Vault is unreachable: \(cause)"
        case .sealed(let path): "\(path): Vault is sealed (503)"
        case .notInitialised(let path): "\(path): Vault is not initialised (501)"
        case .standby(let path): "\(path): the Vault node is a standby without an active node"
        case .permissionDenied(let path, let detail): "\(path): permission denied (403)\(Self.suffix(detail))"
        case .notFound(let path, let detail): "\(path): not found (404)\(Self.suffix(detail))"
        case .rateLimited(let path, let wait):
            "\(path): too many requests (429)" + (wait.map { ", retry after \($0.components.seconds) s" } ?? "")
        case .rejected(let path, let status, let detail): "\(path): rejected (\(status))\(Self.suffix(detail))"
        case .serverFailed(let path, let status, let detail):
            "\(path): Vault returned an error (\(status))\(Self.suffix(detail))"
        case .malformedResponse(let path, let detail): "\(path): unexpected response: \(detail)"
        case .redirectRejected(let path, let location): "\(path): the redirect to '\(location)' is not followed"
        case .versionedEngine(let path):
            "\(path): the engine is KV 2, but the policy does not allow detecting the version; set --vault-kv-version to 2"
        case .invalidPath(let path, let reason): "'\(path)' is not a valid path in Vault: \(reason)"
        case .credentials(let file, let reason): "\(file): \(reason)"
        case .loginFailed(let method, let cause): "login by \(method) failed: \(cause)"
        case .cancelled: "cancelled"
        }
    }

    private static func suffix(_ detail: String) -> String { detail.isEmpty ? "" : ": \(detail)" }
}
