import Foundation
import HTTPClient
import TestBed
import Testing

/// The suites with certificates from a real OpenBao. Serialized, because some stop or freeze it.
@Suite("Vault", .serialized, .timeLimit(.minutes(2)))
enum VaultTests {}

/// A site with its own OpenBao, and a policy that only allows reading certificates.
struct SecureSite: Sendable {
    let site: Site
    let bao: BaoServer
    let authority: CertificateAuthority
    let backend: JSON
    private let token: String

    /// - Parameter bao: the server; nil for one in development mode.
    static func make(_ bao: BaoServer? = nil) async throws -> SecureSite {
        let site = try await Site.make()
        let bao = if let bao { bao } else { try await BaoServer.start() }
        try await bao.policy("ingress", ["secret/data/ssl/*": ["read"], "secret/data/teams/*": ["read"]])
        let (manifest, _) = try site.service("web")
        return SecureSite(
            site: site, bao: bao, authority: try await CertificateAuthority(folder: TemporaryFolder.make("ca")),
            backend: manifest, token: try await bao.token(policies: ["ingress"]))
    }

    private var vault: [String: String] { ["VAULT_ADDR": bao.address, "VAULT_MAX_RETRIES": "0"] }
    var secretToken: String { token }

    /// - Parameters:
    ///   - login: variables for the login; nil for the token.
    ///   - more: further variables.
    func start(
        flags: [String] = [], login: [String: String]? = nil, more: [String: String] = [:], nginx: String? = nil,
        after previous: Controller? = nil, isAwaited: Bool = true
    ) async throws -> Controller {
        try await Controller.start(
            folder: site.folder, source: .manifests(site.manifests), resolver: site.dns.address, nginx: nginx,
            flags: ["--reload-interval", "100ms", "--vault-refresh", "1s"] + flags,
            environment: vault.merging(login ?? ["VAULT_TOKEN": token]) { _, given in given }
                .merging(more) { _, given in given }, after: previous, isAwaited: isAwaited)
    }

    /// Writes an Ingress for the hosts, with one path to the backend.
    func ingress(
        _ name: String, hosts: [String], labels: [String: String] = ["ssl": "true"],
        annotations: [String: String] = [:]
    ) throws {
        let namespace = site.namespace
        let rules = hosts.map { host in
            """
              - host: "\(host)"
                http:
                  paths:
                    - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: \(site.backend.port)}}}}
            """
        }
        func list(_ values: [String: String]) -> String {
            values.sorted { $0.key < $1.key }.map { "\($0.key): \"\($0.value)\"" }.joined(separator: ", ")
        }
        try """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: \(name), namespace: \(namespace), labels: {\(list(labels))}, annotations: {\(list(annotations))}}
        spec:
          rules:
        \(rules.joined(separator: "\n"))
        """.write(to: site.manifests.appending(path: "\(name).yaml"), atomically: true, encoding: .utf8)
        try backend.bytes.write(to: site.manifests.appending(path: "service.json"))
    }

    /// Issues a certificate and stores it at the path of the host.
    ///
    /// - Returns: the certificate in base64, without the PEM header and footer.
    @discardableResult
    func put(_ host: String, names: [String]? = nil, path: String? = nil) async throws -> String {
        let pair = try await authority.issue("test", names: (names ?? [host]).map { "DNS:\($0)" })
        let chain = try String(contentsOf: pair.certificate, encoding: .utf8)
        try await put(
            path: path ?? "ssl/\(host)",
            ["crt": .string(chain), "key": .string(try String(contentsOf: pair.key, encoding: .utf8))])
        return Self.body(of: chain)
    }

    func put(path: String, _ fields: JSON) async throws {
        try await bao.call("POST", "secret/data/\(path)", ["data": fields])
    }

    /// The certificate in the handshake for a name, in base64; nil if the handshake is rejected.
    func shown(_ name: String?, _ controller: Controller) async throws -> String? {
        let names = name.map { ["-servername", $0] } ?? ["-noservername"]
        let arguments = ["s_client", "-connect", "127.0.0.1:\(controller.httpsPort)", "-showcerts"] + names
        do {
            return Self.body(
                of: try await ServerProcess.run(.init(try Tools.openssl, arguments), folder: site.folder))
        } catch let error as BedError where error.description.contains("alert") {
            return nil
        }
    }

    /// Waits until the handshake for a name has that certificate; nil for a rejected handshake.
    func shows(_ name: String, _ certificate: String?, _ controller: Controller) async throws {
        try await eventually("the handshake for \(name) has the certificate", showing: [controller.process]) {
            try await shown(name, controller) == certificate
        }
    }

    /// The entry of a host's certificate on `/status`.
    func state(_ host: String, _ controller: Controller) async throws -> JSON {
        let all = try JSON(parsing: try await controller.admin("/status").body)["certificates"].array
        guard let found = all.first(where: { $0["host"].string == host }) else {
            throw BedError("/status has no certificate of \(host)")
        }
        return found
    }

    func isInState(_ host: String, _ state: String, _ controller: Controller) async throws {
        try await eventually("the certificate of \(host) is \(state)", showing: [controller.process]) {
            try await self.state(host, controller)["state"].string == state
        }
    }

    var trust: TLSOptions.Trust {
        get throws { .pem(Array(try Data(contentsOf: authority.certificate))) }
    }

    private static func body(of text: String) -> String {
        let begin = text.firstRange(of: "-----BEGIN CERTIFICATE-----")?.upperBound ?? text.startIndex
        let end = text.firstRange(of: "-----END CERTIFICATE-----")?.lowerBound ?? text.endIndex
        return text[begin..<max(begin, end)].filter { !$0.isWhitespace }
    }
}

extension [UInt8] {
    fileprivate func write(to url: URL) throws { try Data(self).write(to: url, options: .atomic) }
}
