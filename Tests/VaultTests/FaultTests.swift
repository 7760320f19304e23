import Basics
import Foundation
import HTTPClient
import TestBed
import Testing

@testable import Vault

@Suite("Vault faults")
struct FaultTests {
    private let time = TestTiming()
    private let log = LogRecorder()
    private static let token = "s.do-not-show"
    private static let path = "/v1/secret/data/a"

    private func vault(
        _ address: String, login: LoginMethod? = nil, timing: VaultTiming? = nil,
        _ change: (inout VaultConfiguration) -> Void = { _ in }
    ) throws -> VaultClient {
        var configuration = VaultConfiguration()
        configuration.address = address
        configuration.kvVersion = 2
        configuration.timeout = .seconds(10)
        change(&configuration)
        return try VaultClient(
            configuration: configuration, login: login ?? .token(Secret(Self.token)), transport: HTTPClient(),
            timing: timing ?? time.timing(), logger: log.logger)
    }

    /// Answers the login and the detection of the mount, and all other requests by `answer`.
    private func server(
        _ answer: @escaping @Sendable (FaultyVault.Request, Int) -> FaultyVault.Answer
    ) -> FaultyVault {
        FaultyVault { request, before in
            if request.path.contains("lookup-self") { return .lookUp }
            if request.path.contains("internal/ui") { return .denied }
            return answer(request, before)
        }
    }

    /// The error of reading `secret/a` from a server with a constant answer, and the number of requests.
    private func reading(_ answer: FaultyVault.Answer) async throws -> (error: VaultError?, attempts: Int) {
        let server = server { _, _ in answer }
        var error: VaultError?
        try await server.serve { address in
            let vault = try vault(address)
            error = await failure { () throws(VaultError) in try await vault.readSecret("secret/a") }
        }
        return (error, server.requests.count { $0.path == Self.path })
    }

    @Test("a server error is retried twice, and then reported with path and status")
    func serverError() async throws {
        let (error, attempts) = try await reading(.init(status: 502, body: "<html>Bad Gateway</html>"))
        #expect(error == .serverFailed(path: "secret/data/a", status: 502, detail: ""))
        #expect(error?.description == "secret/data/a: Vault returned an error (502)")
        #expect(attempts == 3)
        #expect(time.sleeps == [.seconds(1), .seconds(2)])
    }

    @Test("a read succeeds when a fault passes before the last attempt")
    func passingFault() async throws {
        let server = server { _, before in before < 2 ? .init(status: 500) : .secret }
        try await server.serve { address in
            let secret = try await vault(address).readSecret("secret/a")
            #expect(secret?.version?.number == 3)
            #expect(secret?.fields["crt"] == Secret("C"))
        }
    }

    @Test("501 is not tried again")
    func notInitialised() async throws {
        let (error, attempts) = try await reading(.init(status: 501))
        #expect(error == .notInitialised(path: "secret/data/a"))
        #expect(attempts == 1)
    }

    @Test("Retry-After is respected; one longer than an attempt may take is left to the caller")
    func retryAfter() async throws {
        let (short, attempts) = try await reading(.init(status: 429, headers: ["Retry-After": "7"]))
        #expect(short == .rateLimited(path: "secret/data/a", retryAfter: .seconds(7)))
        #expect(attempts == 3)
        #expect(time.sleeps == [.seconds(7), .seconds(7)])
        let (long, once) = try await reading(.init(status: 429, headers: ["Retry-After": "3600"]))
        #expect(long == .rateLimited(path: "secret/data/a", retryAfter: .seconds(3600)))
        #expect(once == 1)
    }

    @Test(
        "a response that does not match the API is an error that does not quote it",
        arguments: [
            ("<html>", "expected JSON, found 6 other bytes"), ("", "expected JSON, found 0 other bytes"),
            ("[1]", "the field '' has the wrong type"),
            ("{}", "the field 'data' is missing"), (#"{"data":null}"#, "the field 'data' has the wrong type"),
            (#"{"data":{"data":{"key":"K"}}}"#, "the field 'metadata' is missing"),
            (#"{"data":{"data":["K"],"metadata":{"version":1}}}"#, "the field 'data.data' has the wrong type"),
            ("{\"data\":{\"data\":{\"key\":\"K\u{1}", "expected JSON, found 26 other bytes"),
        ])
    func garbage(body: String, detail: String) async throws {
        let (error, attempts) = try await reading(.init(body: body))
        #expect(error == .malformedResponse(path: "secret/data/a", detail: detail))
        #expect(attempts == 1)
    }

    @Test("a field that is not a string is skipped")
    func fieldTypes() async throws {
        let body = #"{"data":{"data":{"crt":"C","key":5,"more":{"a":1}},"metadata":{"version":1}}}"#
        try await server { _, _ in .init(body: body) }.serve { address in
            let secret = try await vault(address).readSecret("secret/a")
            #expect(secret?.fields.keys.sorted() == ["crt"])
        }
    }

    @Test("a response of many megabytes is rejected")
    func hugeAnswer() async throws {
        let (error, attempts) = try await reading(.init(body: String(repeating: " ", count: 5 << 20)))
        guard case .unreachable(let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.code == .bodyTooLarge)
        #expect(attempts == 1)
    }

    @Test("each attempt waits for a slow server no longer than the timeout")
    func slow() async throws {
        let server = server { _, _ in .init(delay: .seconds(30)) }
        try await server.serve { address in
            let vault = try vault(address) { $0.timeout = .milliseconds(800) }
            let error = await failure { () throws(VaultError) in try await vault.readSecret("secret/a") }
            guard case .unreachable(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.code == .timedOut)
        }
        #expect(server.requests.count { $0.path == Self.path } == 3)
    }

    @Test("an unreachable server is retried, and then reported with the address")
    func unreachable() async throws {
        let vault = try vault("http://127.0.0.1:\(try FreePort.next())")
        let error = await failure { () throws(VaultError) in try await vault.readSecret("secret/a") }
        guard case .loginFailed("token", .unreachable(let cause)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.code == .couldNotConnect)
        #expect(time.sleeps == [.seconds(1), .seconds(2)])
        // The next reader gets the same error at once, without another login.
        #expect(await failure { () throws(VaultError) in try await vault.readSecret("secret/b") } == error)
        #expect(time.sleeps.count == 2)
        #expect(log.lines.count { $0.contains("cannot log in") } == 1)
    }

    @Test("a cancelled read does not wait for its next attempt")
    func cancelled() async throws {
        let server = server { _, _ in .init(status: 500) }
        try await server.serve { address in
            let vault = try vault(address, timing: .system)
            let reading = Task { await failure { () throws(VaultError) in try await vault.readSecret("secret/a") } }
            try await eventually("the server has received the request") {
                server.requests.contains { $0.path == Self.path }
            }
            reading.cancel()
            #expect(await reading.value == .cancelled)
        }
        #expect(server.requests.count { $0.path == Self.path } == 1)
    }

    @Test("one redirect is followed, with the same method, body and token; a second one is not")
    func redirect() async throws {
        let active = FaultyVault { request, _ in
            request.path.contains("again")
                ? .init(status: 307, headers: ["Location": "/v1/third"])
                : .init(body: #"{"auth":{"client_token":"t","lease_duration":60}}"#)
        }
        try await active.serve { target in
            let standby = FaultyVault { request, _ in
                .init(status: 307, headers: ["Location": "\(target)\(request.path)"])
            }
            try await standby.serve { address in
                let login = LoginMethod.appRole(roleID: "r", secretIDFile: nil)
                try await vault(address, login: login).logIn()
                #expect(active.requests.map(\.method) == ["POST"])
                #expect(active.requests[0].body == #"{"role_id":"r"}"#)
                #expect(active.requests[0].headers["x-vault-request"] == "true")

                let lost = try vault(address, login: .appRole(mount: "again", roleID: "r", secretIDFile: nil))
                let error = await failure { () throws(VaultError) in try await lost.logIn() }
                #expect(
                    error
                        == .loginFailed(
                            method: "approle",
                            cause: .redirectRejected(path: "auth/again/login", location: "/v1/third")))
            }
        }
    }

    @Test("requests have Vault's headers, and the namespace if there is one")
    func headers() async throws {
        let server = server { _, _ in .secret }
        try await server.serve { address in
            _ = try await vault(address) { $0.namespace = "team/a" }.readSecret("secret/a")
        }
        for request in server.requests {
            #expect(request.headers["x-vault-token"] == Self.token)
            #expect(request.headers["x-vault-request"] == "true")
            #expect(request.headers["x-vault-namespace"] == "team/a")
        }
        #expect(server.requests.map(\.path).last == Self.path)
    }

    @Test("concurrent requests are limited to the configured number")
    func concurrency() async throws {
        let server = server { _, _ in .init(body: FaultyVault.Answer.secret.body, delay: .milliseconds(20)) }
        try await server.serve { address in
            let vault = try vault(address) { $0.concurrency = 4 }
            try await withThrowingTaskGroup { group in
                for number in 0..<40 { group.addTask { _ = try await vault.readSecret("secret/\(number)") } }
                try await group.waitForAll()
            }
        }
        #expect((2...4).contains(server.mostUnderWay))
        #expect(server.requests.count { $0.path.contains("internal/ui") } == 1)
    }

    @Test("readers that wait for the detection of a mount share its failure")
    func mountFailure() async throws {
        let server = FaultyVault { request, _ in
            request.path.contains("lookup-self") ? .lookUp : .init(status: 500, delay: .milliseconds(50))
        }
        try await server.serve { address in
            let vault = try vault(address)
            try await vault.logIn()
            await withTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        let error = await failure { () throws(VaultError) in
                            try await vault.readSecret("secret/\(number)")
                        }
                        guard case .serverFailed(_, 500, _) = error else {
                            Issue.record("\(String(describing: error))")
                            return
                        }
                    }
                }
            }
        }
        // Not three attempts for each of the twenty readers.
        #expect(server.requests.count { $0.path.contains("internal/ui") } < 20)
    }

    @Test("requests are limited to the configured rate")
    func rate() async throws {
        let server = server { _, _ in .secret }
        try await server.serve { address in
            let vault = try vault(address) { $0.rateLimit = .init(perSecond: 10, burst: 2) }
            for number in 0..<3 { _ = try await vault.readSecret("secret/\(number)") }
        }
        // Login, detection of the mount and three reads: two at once, three at 10 per second.
        #expect(server.requests.count == 5)
        #expect(time.sleeps.reduce(.zero, +) == .seconds(0.3))
    }

    @Test("an empty auth is an error with every status")
    func emptyAuth() async throws {
        for body in [#"{"auth":null}"#, "{}", #"{"auth":{"client_token":"","lease_duration":1}}"#] {
            try await FaultyVault { _, _ in .init(body: body) }.serve { address in
                let vault = try vault(address, login: .appRole(roleID: "r", secretIDFile: nil))
                let error = await failure { () throws(VaultError) in try await vault.logIn() }
                #expect(
                    error?.description
                        == "login by approle failed: auth/approle/login: unexpected response: it has no token (\"auth\" is empty)"
                )
            }
        }
    }

    @Test("many denied reads cause one login, and a path that no policy allows at most one per minute")
    func loginStorm() async throws {
        let server = FaultyVault { request, before in
            request.path.hasSuffix("/login")
                ? .init(body: #"{"auth":{"client_token":"t\#(before)","lease_duration":3600}}"#)
                : request.path.contains("internal/ui") ? .init(status: 404) : .denied
        }
        try await server.serve { address in
            let vault = try vault(address, login: .appRole(roleID: "r", secretIDFile: nil))
            for round in 1...2 {
                await withTaskGroup { group in
                    for number in 0..<50 {
                        group.addTask {
                            let error = await failure { () throws(VaultError) in
                                try await vault.readSecret("secret/\(number)")
                            }
                            #expect(
                                error == .permissionDenied(path: "secret/data/\(number)", detail: "permission denied"))
                        }
                    }
                }
                #expect(server.requests.count { $0.path.hasSuffix("/login") } == 1 + round)
                time.advance(by: .seconds(61))
            }
        }
    }

    @Test("a token does not appear in the log at any level")
    func logs() async throws {
        let server = server { _, _ in .denied }
        try await server.serve { address in
            let vault = try vault(address)
            _ = await failure { () throws(VaultError) in try await vault.readSecret("secret/a") }
        }
        #expect(!log.lines.isEmpty)
        #expect(!log.lines.contains { $0.contains(Self.token) })
    }
}
