import Foundation
import TestBed
import Testing

extension ClusterTests {
    @Suite("Failed authentication with the API server")
    struct UntrustedTests {
        @Test("a certificate of another CA stops the start, with an error of one line")
        func authority() async throws {
            let bed = try await ClusterTests.bed.get()
            let folder = try TemporaryFolder.make("untrusted")
            let other = try await CertificateAuthority(folder: folder)
            let program = try await start(folder) { config in
                config.replacing(bed.api.authority.certificate.path, with: other.certificate.path)
            }
            program.expectFailure(status: 1, "GET \(bed.api.url)/version: ")
            #expect(program.output.contains("certificate"))
        }

        @Test("an invalid token stops the start, with an error of one line that does not contain the token")
        func token() async throws {
            let bed = try await ClusterTests.bed.get()
            let folder = try TemporaryFolder.make("untrusted")
            let program = try await start(folder) { $0.replacing(APIServer.adminToken, with: "hunter2") }
            program.expectFailure(status: 1, "GET \(bed.api.url)/version: 401")
            #expect(!program.output.contains("hunter2"))
        }

        private func start(_ folder: URL, kubeconfig change: (String) -> String) async throws -> Program {
            let text = try String(contentsOf: try await ClusterTests.bed.get().kubeconfig, encoding: .utf8)
            let file = folder.appending(path: "kubeconfig")
            try change(text).write(to: file, atomically: true, encoding: .utf8)
            return try await Program.run(
                [
                    "run", "--kubeconfig", file.path, "--state-dir", folder.appending(path: "state").path,
                    "--temp-dir", folder.appending(path: "temporary").path, "--nginx", try Tools.nginx,
                    "--template-dir", Tools.checkout.appending(path: "templates").path,
                    "--http-port", String(try FreePort.next()), "--admin-address", "127.0.0.1:\(try FreePort.next())",
                ], in: folder)
        }
    }
}
