import Foundation
import TestBed

/// The gRPC server and client in Tests/GRPC/echo.py.
enum GRPC {
    private static let script = Tools.checkout.appending(path: "Tests/GRPC/echo.py").path

    struct Server: Sendable {
        let port: Int
        let tlsPort: Int

        /// Starts a server that runs until the test process ends.
        static func start(folder: URL, certificate: CertificateAuthority.Pair) async throws -> Server {
            let server = Server(port: try FreePort.next(), tlsPort: try FreePort.next())
            let process = try await ServerProcess(
                "grpc",
                .init(
                    try Tools.python,
                    [
                        script, "serve", String(server.port), String(server.tlsPort), certificate.certificate.path,
                        certificate.key.path,
                    ]), folder: folder)
            try await process.ready("the gRPC server listens", within: .seconds(20)) {
                process.logTail().contains("serving")
            }
            return server
        }
    }

    /// Performs the calls one after the other, over TLS, as a client of the host.
    ///
    /// - Returns: by call: `code`, `details`, `messages`, and `initial` and `trailing` metadata.
    static func call(
        _ calls: [String], host: String, _ controller: Controller, _ site: SecureSite
    ) async throws -> [String: JSON] {
        let arguments =
            [script, "call", "127.0.0.1:\(controller.httpsPort)", host, site.authority.certificate.path] + calls
        let output = try await ServerProcess.run(
            .init(try Tools.python, arguments, environment: ["GRPC_VERBOSITY": "NONE"]), folder: site.site.folder)
        var results: [String: JSON] = [:]
        for line in output.split(separator: "\n") where line.hasPrefix("{") {
            let result = try JSON(parsing: Array(line.utf8))
            results[result["call"].string ?? ""] = result
        }
        return results
    }
}
