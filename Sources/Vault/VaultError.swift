public import HTTPClient

/// Why Vault did not give what was asked for. The description is one line, fit for a log and an Event; it never holds a
/// token or a secret's value.
public indirect enum VaultError: Error, Equatable {
    /// No answer: network, TLS, or a limit of the client. The cause names the URL.
    case unreachable(HTTPClientError)
    case sealed(path: String)
    case notInitialised(path: String)
    /// The node is a standby that knows no active one.
    case standby(path: String)
    case permissionDenied(path: String, detail: String)
    /// The path leads nowhere (no engine is mounted there). A secret that does not exist is no error.
    case notFound(path: String, detail: String)
    /// Too many requests, after the retries; with the wait the server asked for.
    case rateLimited(path: String, retryAfter: Duration?)
    /// The server does not accept the request (400, 405, …).
    case refused(path: String, status: Int, detail: String)
    /// 5xx or 412, after the retries.
    case serverFailed(path: String, status: Int, detail: String)
    /// An answer that is not what the API documents.
    case malformedResponse(path: String, detail: String)
    /// A redirect that is not followed: the second in a row, from https to http, or to no URL at all.
    case redirectRefused(path: String, location: String)
    /// The engine is KV 2, and the path was read as KV 1 because `sys/internal/ui/mounts` may not be asked.
    case versionedEngine(path: String)
    /// A path that cannot be asked for.
    case invalidPath(path: String, reason: String)
    /// A token, JWT or secret_id file that cannot be used.
    case credentials(file: String, reason: String)
    case loginFailed(method: String, cause: VaultError)
    /// The calling task was cancelled.
    case cancelled
}

extension VaultError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let cause): "Vault does not answer: \(cause)"
        case .sealed(let path): "\(path): Vault is sealed (503)"
        case .notInitialised(let path): "\(path): Vault is not initialised (501)"
        case .standby(let path): "\(path): the Vault node is a standby without an active node"
        case .permissionDenied(let path, let detail): "\(path): permission denied (403)\(Self.suffix(detail))"
        case .notFound(let path, let detail): "\(path): not found (404)\(Self.suffix(detail))"
        case .rateLimited(let path, let wait):
            "\(path): too many requests (429)" + (wait.map { ", retry after \($0.components.seconds) s" } ?? "")
        case .refused(let path, let status, let detail): "\(path): refused (\(status))\(Self.suffix(detail))"
        case .serverFailed(let path, let status, let detail):
            "\(path): the server failed (\(status))\(Self.suffix(detail))"
        case .malformedResponse(let path, let detail): "\(path): unexpected answer: \(detail)"
        case .redirectRefused(let path, let location): "\(path): the redirect to '\(location)' is not followed"
        case .versionedEngine(let path):
            "\(path): the engine is KV 2, but its version may not be asked for; set the KV version to 2"
        case .invalidPath(let path, let reason): "'\(path)' is no path in Vault: \(reason)"
        case .credentials(let file, let reason): "\(file): \(reason)"
        case .loginFailed(let method, let cause): "login by \(method) failed: \(cause)"
        case .cancelled: "cancelled"
        }
    }

    private static func suffix(_ detail: String) -> String { detail.isEmpty ? "" : ": \(detail)" }
}
