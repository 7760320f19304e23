public import Foundation
public import HTTPClient

/// The program under test: `vault-ingress run` with its nginx.
public struct Controller: Sendable {
    /// The source of its objects.
    public enum Source: Sendable {
        case kubeconfig(URL)
        case manifests(URL)
    }

    public let process: ServerProcess
    public let httpPort: Int
    public let httpsPort: Int
    public let adminPort: Int
    public let stateDir: URL
    public let temporaryDir: URL
    public let auditLog: URL

    /// - Parameters:
    ///   - folder: for its state folder, audit log and log.
    ///   - resolver: `HOST:PORT` of the cluster's DNS.
    ///   - nginx: the nginx program; Debian's by default.
    ///   - flags: additional flags.
    ///   - after: a stopped controller, whose ports, state folder and audit log are used.
    ///   - isAwaited: return when `/readyz` is 200.
    ///   - program: a program that becomes the program under test.
    ///   - prepare: called before the start, with the state folder, the temporary folder, and the ports for http and
    ///     https.
    public static func start(
        folder: URL, source: Source, resolver: String, nginx: String? = nil, flags: [String] = [],
        environment: [String: String] = [:], after previous: Controller? = nil, isAwaited: Bool = true,
        program: String? = nil,
        prepare: (_ state: URL, _ temporary: URL, _ http: Int, _ https: Int) throws -> Void = { _, _, _, _ in }
    ) async throws -> Controller {
        let httpPort = try previous?.httpPort ?? FreePort.next()
        let httpsPort = try previous?.httpsPort ?? FreePort.next()
        let adminPort = try previous?.adminPort ?? FreePort.next()
        let name = previous?.process.name ?? "vault-ingress-\(httpPort)"
        let stateDir = folder.appending(path: "\(name).state")
        let temporaryDir = folder.appending(path: "\(name).temporary")
        let auditLog = folder.appending(path: "\(name).audit")
        try prepare(stateDir, temporaryDir, httpPort, httpsPort)
        let sourceFlags =
            switch source {
            case .kubeconfig(let file): ["--kubeconfig", file.path]
            case .manifests(let folder): ["--manifests", folder.path]
            }
        let command = ServerProcess.Command(
            try program ?? Tools.vaultIngress,
            ["run"] + sourceFlags + [
                "--state-dir", stateDir.path, "--audit-log", auditLog.path,
                "--template-dir", Tools.checkout.appending(path: "templates").path,
                "--nginx", try nginx ?? Tools.nginx, "--resolver", resolver,
                "--http-port", String(httpPort),
                "--admin-address", "127.0.0.1:\(adminPort)", "--log-level", "debug",
            ] + flags,
            environment: Self.form.merging([
                "HTTPS_PORT": String(httpsPort), "TEMP_DIR": temporaryDir.path,
            ]) { $1 }.merging(environment) { _, given in given },
            deathSignal: .terminate)
        let process = try await ServerProcess(name, command, folder: folder)
        let controller = Controller(
            process: process, httpPort: httpPort, httpsPort: httpsPort, adminPort: adminPort, stateDir: stateDir,
            temporaryDir: temporaryDir, auditLog: auditLog)
        if isAwaited {
            try await process.ready("vault-ingress is ready", within: .seconds(20)) {
                try await controller.admin("/readyz").status == 200
            }
        }
        return controller
    }

    /// The forms that the environment of the tests asks for: suites about responses and certificates run in each.
    private static let form = ProcessInfo.processInfo.environment.filter {
        ["SERVERS", "CERTIFICATE_LOADING"].contains($0.key)
    }

    /// Stops it with SIGTERM, and kills it after `grace`.
    @discardableResult
    public func stop(grace: Duration = .seconds(20)) async -> ServerProcess.ExitStatus {
        await process.stop(grace: grace)
    }

    /// Kills it. Its nginx runs until the bed ends.
    public func kill() async {
        await process.stop(SIGKILL)
    }

    /// A request to nginx on 127.0.0.1.
    ///
    /// - Parameter trust: makes it an HTTPS request with the host as SNI.
    public func request(
        host: String, path: String = "/", method: String = "GET", headers: HTTPHeaders = [:], body: [UInt8]? = nil,
        trust: TLSOptions.Trust? = nil
    ) -> HTTPRequest {
        var request = HTTPRequest(
            method: method,
            url: trust == nil ? "http://127.0.0.1:\(httpPort)\(path)" : "https://127.0.0.1:\(httpsPort)\(path)",
            headers: headers, body: body)
        request.headers["Host"] = host
        if let trust { request.tls = TLSOptions(trust: trust, serverName: host) }
        return request
    }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse { try await HTTP.send(request) }

    /// Sends a request, expects 200, and returns the request as the backend received it.
    public func answer(_ request: HTTPRequest) async throws -> Backend.Answer {
        let response = try await HTTP.send(request)
        guard response.status == 200 else { throw BedError("\(request.url): \(response.status)") }
        return try JSONDecoder().decode(Backend.Answer.self, from: Data(response.body))
    }

    /// Waits until requests for the host are answered with the status.
    public func serves(
        _ host: String, path: String = "/", status: Int = 200, within limit: Duration = .seconds(10)
    ) async throws {
        try await eventually("\(host)\(path) answers \(status)", within: limit, showing: [process]) {
            let found = try await HTTP.send(request(host: host, path: path)).status
            guard found == status else { throw BedError("the status is \(found)") }
            return true
        }
    }

    /// Reads a page of the admin server: `/healthz`, `/readyz`, `/metrics`, `/status`.
    public func admin(_ path: String) async throws -> HTTPResponse {
        try await HTTP.get("http://127.0.0.1:\(adminPort)\(path)")
    }

    /// The reload records of the audit log so far, oldest first.
    public func audit() throws -> [JSON] {
        try auditLines().filter { $0["event"].string == "reload" }
    }

    /// The audit log so far, oldest first.
    public func auditLines() throws -> [JSON] {
        guard FileManager.default.fileExists(atPath: auditLog.path) else { return [] }
        let text = String(decoding: try Data(contentsOf: auditLog), as: UTF8.self)
        // The last line may be incomplete.
        return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { try JSON(parsing: Array($0.utf8)) }
    }
}
