import Foundation
import HTTPClient
import Subprocess
import TestBed
import Testing

@Suite(.nginx, .timeLimit(.minutes(1)))
struct TLSTests {
    private let bed: NginxBed

    init() throws {
        bed = try #require(NginxBed.current)
    }

    private func text(_ request: HTTPRequest, by client: HTTPClient = HTTPClient()) async throws -> String {
        String(decoding: try await client.send(request).body, as: UTF8.self)
    }

    private func error(_ request: HTTPRequest, by client: HTTPClient = HTTPClient()) async -> HTTPClientError? {
        await #expect(throws: HTTPClientError.self) { _ = try await client.send(request) }
    }

    private func identity(_ pair: Certificates.Pair) throws -> TLSOptions.Identity {
        let (certificate, key) = try pair.bytes()
        return .init(certificate: certificate, key: key)
    }

    @Test("a server is trusted by PEM, by file, by hashed directory, or without verification")
    func trust() async throws {
        let directory = try await Certificates(folder: bed.folder).hashedDirectory(of: bed.authority)
        let pem = Array(try Data(contentsOf: bed.authority.certificate))
        let kinds: [TLSOptions.Trust] = [
            .pem(pem), .file(bed.authority.certificate.path), .directory(directory.path), .anything,
        ]
        for trust in kinds {
            let request = HTTPRequest(url: bed.tls, tls: TLSOptions(trust: trust))
            #expect(try await text(request).contains("HTTP/2.0"), "\(trust)")
        }
    }

    @Test("a server of an unknown authority is rejected, with the reason in one line")
    func untrusted() async throws {
        let stranger = Array(try Data(contentsOf: bed.stranger.certificate))
        for trust in [TLSOptions.Trust.system, .pem(stranger), .file(bed.stranger.certificate.path)] {
            var request = HTTPRequest(url: bed.tls + "/version?token=hidden", tls: TLSOptions(trust: trust))
            request.headers["Authorization"] = "Bearer hidden"
            let error = await error(request)
            #expect(
                error?.description
                    == "GET \(bed.tls)/version: certificate not trusted: unable to get local issuer certificate")
            #expect(error?.isTransport == false)
        }
    }

    @Test("a certificate for another name is rejected")
    func wrongName() async throws {
        let error = await error(try bed.trusted(bed.named))
        #expect(error?.code == .tlsUntrusted)
        #expect(error?.detail.contains("127.0.0.1") == true)
    }

    @Test("serverName is sent and verified in place of the URL's host, which stays in the Host field")
    func serverName() async throws {
        var request = try bed.trusted(bed.named)
        request.tls.serverName = "bed.example"
        let host = bed.named.dropFirst("https://".count)
        #expect(try await text(request).hasSuffix("HTTP/2.0 bed.example|\(host)"))
        request.tls.serverName = "other.example"
        #expect(await error(request)?.code == .tlsUntrusted)
        // The right name on the wrong server.
        request.url = bed.tls
        request.tls.serverName = "bed.example"
        #expect(await error(request)?.code == .tlsUntrusted)
    }

    @Test("a client certificate is sent if the server requests one")
    func clientCertificate() async throws {
        var request = try bed.trusted(bed.mutual)
        #expect(try await HTTPClient().send(request).status == 400)
        request.tls.identity = try identity(bed.client)
        #expect(try await text(request).hasSuffix("CN=client"))
    }

    @Test("only requests with equal options share connections")
    func separateConnections() async throws {
        let client = HTTPClient()
        var requests: [HTTPRequest] = []
        for pair in [bed.client, bed.otherClient] {
            var request = try bed.trusted(bed.mutual)
            request.tls.identity = try identity(pair)
            requests.append(request)
        }
        #expect(try await text(requests[0], by: client).hasSuffix("CN=client"))
        #expect(try await text(requests[1], by: client).hasSuffix("CN=other"))

        // The certificate of a connected client, with the key of another.
        var forged = requests[0]
        forged.tls.identity?.key = try identity(bed.otherClient).key
        #expect(await error(forged, by: client)?.code == .badTLSOptions)

        var distrusting = requests[0]
        distrusting.tls.trust = .pem(Array(try Data(contentsOf: bed.stranger.certificate)))
        #expect(await error(distrusting, by: client)?.code == .tlsUntrusted)
        var misnaming = requests[0]
        misnaming.tls.serverName = "other.example"
        #expect(await error(misnaming, by: client)?.code == .tlsUntrusted)

        // A connection without verification is not reused with verification.
        let careless = HTTPRequest(url: bed.tls, tls: TLSOptions(trust: .anything))
        _ = try await text(careless, by: client)
        #expect(await error(HTTPRequest(url: bed.tls), by: client)?.code == .tlsUntrusted)
    }

    @Test("unusable options and an untrusted server are distinguished")
    func badOptions() async throws {
        let garbage = Array("-----BEGIN NONSENSE-----".utf8)
        var request = try bed.trusted(bed.mutual)
        request.tls.identity = .init(certificate: garbage, key: garbage)
        #expect(await error(request)?.code == .badTLSOptions)
        // Must not prompt for the passphrase on the terminal.
        let key = try await Certificates(folder: bed.folder).encrypted(bed.client.key)
        request.tls.identity = .init(
            certificate: try identity(bed.client).certificate, key: Array(try Data(contentsOf: key)))
        #expect(await error(request)?.code == .badTLSOptions)
        for trust in [TLSOptions.Trust.pem(garbage), .pem([]), .file("/nonexistent.pem")] {
            let request = HTTPRequest(url: bed.tls, tls: TLSOptions(trust: trust))
            #expect(await error(request)?.code == .badTLSOptions, "\(trust)")
        }
    }

    @Test("TLS on a plain port is a TLS error")
    func noTLS() async throws {
        let error = await error(try bed.trusted(bed.plain.replacingOccurrences(of: "http:", with: "https:")))
        #expect(error?.code == .tlsFailed)
    }

    @Test("a server that rejects the client certificate after the handshake is a TLS error")
    func rejectedClient() async throws {
        // TLS 1.3, where the alert replaces the response; nginx would respond with 400.
        let port = try FreePort.next()
        _ = try await Subprocess.run(
            .name("openssl"),
            arguments: [
                "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-tls1_3", "-Verify", "1", "-verify_return_error",
                "-cert", bed.folder.appending(path: "local.crt").path, "-key",
                bed.folder.appending(path: "local.key").path, "-CAfile", bed.authority.certificate.path,
            ],
            input: .none, output: .discarded, error: .discarded
        ) { execution in
            defer { try? execution.send(signal: .terminate) }
            var request = try bed.trusted("https://127.0.0.1:\(port)/")
            var result: HTTPClientError?
            _ = await eventually {
                result = await error(request)
                return result?.code != .couldNotConnect
            }
            #expect(result?.code == .tlsFailed, "\(result as Any)")
            request.tls.identity = try identity(bed.client)
            #expect(try await HTTPClient().send(request).status == 200)
        }
    }
}
