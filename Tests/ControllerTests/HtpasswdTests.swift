import Basics
import Foundation
import HTTPClient
import Kubernetes
import KubernetesAPI
import Nginx
import NginxConfig
import Routing
import TestBed
import Testing
import Vault

@testable import Controller

@Suite("Reading htpasswd files")
struct HtpasswdReaderTests {
    private static let data = "secret/data/basic-auth/shop/admin"
    private static let metadata = "secret/metadata/basic-auth/shop/admin"
    private static let line = "anna:$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91"

    private let request: HtpasswdRequest

    init() throws {
        request = HtpasswdRequest(subject: try HtpasswdSource("secret/basic-auth/shop/admin"))
    }

    private func read(
        _ answers: [String: ScriptedVault.Answer], known: HtpasswdFile? = nil
    ) async throws -> HtpasswdReader.Answer {
        var configuration = VaultConfiguration()
        configuration.maximumRetries = 0
        configuration.kvVersion = 2
        let mount: ScriptedVault.Answer = .status(200, #"{"data":{"path":"secret/","options":{"version":"2"}}}"#)
        let vault = ScriptedVault(
            answers.merging(["sys/internal/ui/mounts/secret/basic-auth/shop/admin": mount]) { given, _ in given })
        let client = try VaultClient(
            configuration: configuration, login: .token(Secret("scripted")), transport: vault, logger: .quiet)
        return await HtpasswdReader(vault: client, cluster: nil).read(
            request.subject, known: known.map { KnownSecret(stored: $0) })
    }

    @Test("the field htpasswd is the file, with digest and version")
    func found() async throws {
        let answer = try await read([Self.data: try .secret(["htpasswd": Self.line, "note": "x"], version: 4)])
        let read = try #require(answer.content)
        let found = read.file
        #expect(read.htpasswd.text == Self.line + "\n")
        #expect(found.source == request.subject)
        #expect(found.sha256?.text == "ee4eff0a067d172ffe18cb084b1f2f804fc36054249fcfdd060332d347b76749")
        #expect(found.version?.number == 4)
    }

    @Test("a current version is not read again; a file without a known version is")
    func versions() async throws {
        let answers = [
            Self.metadata: ScriptedVault.Answer.metadata(version: 4),
            Self.data: try .secret(["htpasswd": Self.line], version: 4),
        ]
        let known = HtpasswdFile(source: request.subject, version: KVVersion(number: 4, created: "t"))
        guard case .unchanged = try await read(answers, known: known) else {
            Issue.record("the file is read again")
            return
        }
        #expect(try await read(answers, known: HtpasswdFile(source: request.subject)).content != nil)
    }

    @Test(
        "an invalid secret and an outage are different problems; none shows a user name",
        arguments: [
            (.status(403, #"{"errors":["permission denied"]}"#), .unavailable, "permission denied"),
            (.error(.couldNotConnect), .unavailable, "Vault is unreachable"),
            (
                .status(200, #"{"data":{"data":{"anna":"x"},"metadata":{"version":1}}}"#), .invalid,
                "expected the field htpasswd, found none"
            ),
            (
                .status(200, #"{"data":{"data":{"htpasswd":"anna:{PLAIN}anna"},"metadata":{"version":1}}}"#), .invalid,
                "htpasswd, line 1: expected a hash"
            ),
        ] as [(ScriptedVault.Answer, SecretProblem.Kind, String)])
    func problems(answer: ScriptedVault.Answer, kind: SecretProblem.Kind, text: String) async throws {
        guard case .problem(let problem) = try await read([Self.data: answer]) else {
            Issue.record("the answer is not a problem")
            return
        }
        #expect(problem.kind == kind)
        #expect(problem.text.contains(text), "\(problem.text)")
        #expect(!problem.text.contains("anna"))
    }

    @Test("a secret that does not exist is missing")
    func missing() async throws {
        guard case .absent = try await read([Self.data: .status(404, #"{"errors":[]}"#)]) else {
            Issue.record("the answer is not absent")
            return
        }
        #expect(request.missing == SecretProblem(.missing, "no secret at this path in Vault"))
    }

    @Test("without a Vault, the file is missing")
    func noVault() async throws {
        guard
            case .problem(let problem) = await HtpasswdReader(vault: nil, cluster: nil).read(
                request.subject, known: nil)
        else {
            Issue.record("the answer is not a problem")
            return
        }
        #expect(problem == .noVault)
    }
}

@Suite("Hosts with basic auth")
struct BasicAuthTests {
    private let path: VaultPath
    private let missing = SecretProblem(.missing, "no secret at this path in Vault")
    private let outage = SecretProblem(.unavailable, "connection refused by 192.0.2.1")

    init() throws {
        path = try VaultPath("secret/basic-auth/shop/admin")
    }

    private func routed(_ hosts: [String] = ["a.example.com"]) throws -> Router.Result {
        let ingress = Ingress(
            metadata: ObjectMeta(
                name: "web", namespace: "shop", annotations: [Annotation.basicAuth.name: path.text]),
            spec: Ingress.Spec(
                rules: hosts.map { host in
                    let backend = Ingress.Backend.service(name: "web", port: .number(80))
                    return Ingress.Rule(
                        host: host, paths: [Ingress.Path(path: "/", pathType: "Prefix", backend: backend)])
                }))
        let options = RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"))
        let web = Service(
            metadata: ObjectMeta(name: "web", namespace: "shop"), ports: [Service.Port(name: "http", port: 80)])
        return Router(options: options).route(Snapshot(ingresses: [ingress], ingressClasses: [], services: [web]))
    }

    private func basicAuth(_ state: SecretState?, isStored: Bool) throws -> (BasicAuth?, [String]) {
        let report = state.map {
            HtpasswdReport(
                request: HtpasswdRequest(subject: .vault(path)), state: $0,
                stored: isStored ? HtpasswdFile(path: path) : nil)
        }
        let result = try routed().protected(by: [report].compactMap { $0 })
        return (result.table.hosts[0].settings.basicAuth, result.rejections.map(\.explanation))
    }

    @Test("are closed until their htpasswd file is available, and then served with the last good one")
    func states() throws {
        let users = BasicAuth.users(path)
        let table: [(SecretState?, Bool, BasicAuth, [String])] = [
            (nil, false, .nobody, []), (.pending(nil), false, .nobody, []),
            (
                .pending(outage), false, .nobody,
                ["Vault is unavailable or denies access; the hosts answer 503 until the file is read"]
            ),
            (
                .rejected(missing), false, .nobody,
                ["no secret at this path in Vault; the hosts answer 503 until it is corrected"]
            ),
            (.ready, true, users, []), (.pending(nil), true, users, []),
            (.stale(since: .now, outage), true, users, []),
            (
                .stale(since: .now, missing), true, users,
                ["no secret at this path in Vault; the last good htpasswd file stays in use"]
            ),
        ]
        for (state, isStored, basicAuth, explanations) in table {
            let found = try self.basicAuth(state, isStored: isStored)
            #expect(found.0 == basicAuth, "\(String(describing: state))")
            #expect(found.1 == explanations)
        }
    }

    @Test(
        "are served without the lines that take too long to check, which are reported by their numbers",
        arguments: [([3], "line 3: the hash"), ([3, 5], "2 lines, the first of which is line 3: the hash")])
    func skippedLines(lines: [Int], expected: String) throws {
        let states: [SecretState] = [
            .ready, .stale(since: .now, SecretProblem(.unavailable, "connection refused by 192.0.2.1")),
        ]
        for state in states {
            let report = HtpasswdReport(
                request: HtpasswdRequest(subject: .vault(path)), state: state,
                stored: HtpasswdFile(path: path, skippedLines: lines))
            let result = try routed().protected(by: [report])
            #expect(result.table.hosts[0].settings.basicAuth == .users(path))
            #expect(
                result.rejections.map(\.explanation) == [
                    "htpasswd, \(expected) takes too long to check, so the account cannot log in; use bcrypt with a cost up to 10, "
                        + "or SHA-512 or SHA-256 crypt with up to 20000 rounds"
                ])
        }
    }

    @Test("are rejected once per Ingress, in the order of the Ingresses and after their other rejections")
    func rejections() throws {
        var wanted = try routed(["a.example.com", "b.example.com"])
        let others = ["a", "web", "z"].map {
            Rejection(
                source: OwnerRef(kind: .ingress, namespace: "shop", name: $0), field: "spec", value: "",
                reason: .invalidRule,
                explanation: "other")
        }
        wanted.rejections = others
        let report = HtpasswdReport(
            request: HtpasswdRequest(subject: .vault(path)), state: .rejected(missing), stored: nil)
        let result = wanted.protected(by: [report])
        #expect(result.rejections.map(\.source.name) == ["a", "web", "web", "z"])
        #expect(result.rejections[2].field == "metadata.annotations[vault-ingress.io/basic-auth]")
        #expect(result.rejections[2].value == path.text)
        let folder = HtpasswdFolder(try AbsolutePath("/unused"), workerUser: nil)
        #expect(
            HtpasswdKind(folder: folder, vault: nil, cluster: nil).requests(for: wanted.table) == [
                HtpasswdRequest(
                    subject: .vault(path), owners: [OwnerRef(kind: .ingress, namespace: "shop", name: "web")])
            ])
    }
}
