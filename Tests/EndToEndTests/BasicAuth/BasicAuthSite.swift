import Foundation
import HTTPClient
import TestBed
import Testing

/// A site whose hosts use basic auth with htpasswd files from a real OpenBao.
struct BasicAuthSite: Sendable {
    let site: Site
    let bao: BaoServer
    private let token: String

    static let password = "correct horse"

    static func make() async throws -> BasicAuthSite {
        let site = try await Site.make()
        let bao = try await BaoServer.start()
        try await bao.policy(
            "ingress", ["secret/data/basic-auth/*": ["read"], "secret/metadata/basic-auth/*": ["read"]])
        return BasicAuthSite(site: site, bao: bao, token: try await bao.token(policies: ["ingress"]))
    }

    var secretToken: String { token }

    func start(
        nginx: String? = nil, flags: [String] = [], hasVault: Bool = true, after previous: Controller? = nil
    ) async throws -> Controller {
        try await Controller.start(
            folder: site.folder, source: .manifests(site.manifests), resolver: site.dns.address, nginx: nginx,
            flags: ["--reload-interval", "100ms", "--vault-refresh", "1s"] + flags,
            environment: hasVault
                ? ["VAULT_ADDR": bao.address, "VAULT_MAX_RETRIES": "0", "VAULT_TOKEN": token] : [:],
            after: previous)
    }

    /// The path of an htpasswd file of this site's namespace.
    func path(_ name: String) -> String { "secret/basic-auth/\(site.namespace)/\(name)" }

    /// Writes an Ingress whose host uses the htpasswd file with its own name, or at another path.
    func protect(_ name: String, path: String? = nil, annotations: [String: String] = [:]) throws {
        try site.host(
            name, paths: [("Prefix /", "web"), ("Exact /exact", "web")],
            annotations: annotations.merging(["basic-auth": path ?? self.path(name)]) { $1 })
    }

    /// Stores the htpasswd file with that name. All users have the same password.
    func put(_ name: String, users: [String]) async throws {
        let hash = try await Self.hash(folder: site.folder)
        try await put(name, ["htpasswd": .string(users.map { "\($0):\(hash)\n" }.joined())])
    }

    func put(_ name: String, _ fields: JSON) async throws {
        try await bao.call("POST", "secret/data/basic-auth/\(site.namespace)/\(name)", ["data": fields])
    }

    /// A hash of the password that every nginx can check.
    static func hash(folder: URL) async throws -> String {
        let text = try await ServerProcess.run(.init(try Tools.openssl, ["passwd", "-apr1", password]), folder: folder)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func status(
        _ name: String, as user: String? = nil, password: String = password, path: String = "/",
        _ controller: Controller
    ) async throws -> Int {
        var headers: HTTPHeaders = [:]
        if let user {
            headers["Authorization"] = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        }
        return try await controller.send(
            controller.request(host: "\(name).example.com", path: path, headers: headers)
        ).status
    }

    /// Waits until a user, or a client without credentials, gets that status.
    func answers(_ name: String, as user: String? = nil, _ expected: Int, _ controller: Controller) async throws {
        try await eventually(
            "\(name) answers \(user ?? "a client without credentials") with \(expected)", showing: [controller.process]
        ) {
            let found = try await status(name, as: user, controller)
            guard found == expected else { throw BedError("it answers \(found)") }
            return true
        }
    }

    /// Waits until `/status` has a rejection of the annotation with that explanation.
    func reports(_ name: String, _ explanation: String, _ controller: Controller) async throws {
        try await eventually("/status reports for \(name): \(explanation)", showing: [controller.process]) {
            try await controller.status()["rejections"].array.contains {
                $0["ingress"].string == "\(site.namespace)/\(name)" && $0["reason"].string == "InvalidRule"
                    && $0["field"].string == "metadata.annotations[vault-ingress.io/basic-auth]"
                    && $0["explanation"].string?.contains(explanation) == true
            }
        }
    }

    func state(_ name: String, _ controller: Controller) async throws -> JSON? {
        try await controller.status()["htpasswdFiles"].array.first { $0["path"].string == path(name) }
    }
}
