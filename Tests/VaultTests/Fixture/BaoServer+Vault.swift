import Basics
import HTTPClient
import Logging
import TestBed

@testable import Vault

extension BaoServer {
    var configuration: VaultConfiguration {
        var configuration = VaultConfiguration()
        configuration.address = address
        configuration.timeout = .seconds(10)
        return configuration
    }

    func vault(
        _ login: LoginMethod = .token(Secret(BaoServer.rootToken)), timing: VaultTiming = .system,
        logger: Logger = .quiet,
        _ change: (inout VaultConfiguration) -> Void = { _ in }
    ) throws -> VaultClient {
        var configuration = configuration
        change(&configuration)
        return try VaultClient(
            configuration: configuration, login: login, transport: HTTPClient(), timing: timing, logger: logger)
    }
}

/// The error that `body` throws.
func failure<Value>(_ body: () async throws(VaultError) -> Value) async -> VaultError? {
    do throws(VaultError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
