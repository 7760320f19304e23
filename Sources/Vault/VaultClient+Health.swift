import HTTPClient

/// What a node says of itself at `sys/health`. All of these are answers, not errors.
public enum VaultHealth: String, Sendable {
    case active
    case standby
    case recoverySecondary = "recovery secondary"
    case performanceStandby = "performance standby"
    case notInitialised = "not initialised"
    case sealed
}

extension VaultClient {
    /// Asks once, without a token.
    public func health() async throws(VaultError) -> VaultHealth {
        let request = try VaultRequest.get("sys/health")
        let response = try await probe(request)
        switch response.status {
        case 200: return .active
        case 429: return .standby
        case 472: return .recoverySecondary
        case 473: return .performanceStandby
        case 501: return .notInitialised
        case 503: return .sealed
        default: throw VaultError(response, path: request.path)
        }
    }
}
