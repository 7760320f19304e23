import Basics
import HTTPClient
import Logging
import TestBed
import Vault

/// Measures reads of KV 2 secrets, each of the size of a certificate with its chain and key, from a local server.
struct VaultBenchmark {
    let secrets: Int

    func run() async throws {
        let server = try await BaoServer.start()
        let text = String(repeating: "MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0g\\n", count: 24)
        try await forEach { number in
            try await server.call(
                "POST", path(number, below: "data/"), ["data": ["crt": .string(text), "key": .string(text)]])
        }

        var configuration = VaultConfiguration()
        configuration.address = server.address
        let vault = try VaultClient(
            configuration: configuration, login: .token(Secret(BaoServer.rootToken)), transport: HTTPClient(),
            logger: Logger(label: "bench"))
        try await vault.logIn()
        try await measure("reads") { number in
            guard try await vault.readSecret(path(number)) != nil else { throw BedError("expected a secret, got none") }
        }
        try await measure("reads of the version") { number in
            guard case .version(let version) = try await vault.currentVersion(path(number)), version.number == 1 else {
                throw BedError("expected version 1")
            }
        }
        await server.process.stop()
    }

    private func path(_ number: Int, below folder: String = "") -> String {
        "secret/\(folder)ssl/host-\(number).example.com"
    }

    private func measure(_ operation: String, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let start = ContinuousClock.now
        try await forEach(body)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            "\(secrets) \(operation): \((seconds * 100).rounded() / 100) s, \(Int(Double(secrets) / seconds)) a second")
    }

    /// Runs all at once: the client limits the requests in flight.
    private func forEach(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<secrets { group.addTask { try await body(number) } }
            try await group.waitForAll()
        }
    }
}
