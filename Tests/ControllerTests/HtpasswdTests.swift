import Basics
import Foundation
import HTTPClient
import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing
import Vault

@testable import Controller

@Suite("Reading a list of users")
struct HtpasswdReaderTests {
    private static let data = "secret/data/basic-auth/shop/admin"
    private static let metadata = "secret/metadata/basic-auth/shop/admin"
    private static let line = "anna:$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91"

    private let request: HtpasswdRequest

    init() throws {
        request = HtpasswdRequest(subject: try VaultPath("secret/basic-auth/shop/admin"))
    }

    private func read(
        _ answers: [String: ScriptedVault.Answer], known: KeptHtpasswd? = nil
    ) async throws -> SecretAnswer<ReadHtpasswd> {
        var configuration = VaultConfiguration()
        configuration.maximumRetries = 0
        configuration.kvVersion = 2
        let mount: ScriptedVault.Answer = .status(200, #"{"data":{"path":"secret/","options":{"version":"2"}}}"#)
        let vault = ScriptedVault(
            answers.merging(["sys/internal/ui/mounts/secret/basic-auth/shop/admin": mount]) { given, _ in given })
        let client = try VaultClient(
            configuration: configuration, login: .token(Secret("scripted")), transport: vault, logger: silent)
        return await HtpasswdReader(vault: client).read(request, known: known, now: .now)
    }

    @Test("the field htpasswd is the list, with its version")
    func found() async throws {
        let answer = try await read([Self.data: try .secret(["htpasswd": Self.line, "note": "x"], version: 4)])
        let found = try #require(answer.found)
        #expect(found.list.text == Self.line + "\n")
        #expect(found.version == 4)
    }

    @Test("the same version is not read again; a list whose version is not known is")
    func versions() async throws {
        let answers = [
            Self.metadata: ScriptedVault.Answer.metadata(version: 4),
            Self.data: try .secret(["htpasswd": Self.line], version: 4),
        ]
        let known = KeptHtpasswd(path: request.subject, version: 4)
        guard case .unchanged = try await read(answers, known: known) else {
            Issue.record("it is read again")
            return
        }
        #expect(try await read(answers, known: KeptHtpasswd(path: request.subject)).found != nil)
    }

    @Test(
        "what is not there, cannot be used or was not answered is told apart, and shows nobody's name",
        arguments: [
            (.status(404, #"{"errors":[]}"#), .missing, "there is no such secret"),
            (.status(403, #"{"errors":["permission denied"]}"#), .unavailable, "permission denied"),
            (.error(.couldNotConnect), .unavailable, "does not answer"),
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
            Issue.record("it is no problem")
            return
        }
        #expect(problem.kind == kind)
        #expect(problem.text.contains(text), "\(problem.text)")
        #expect(!problem.text.contains("anna"))
    }

    @Test("without a Vault there are none")
    func noVault() async throws {
        guard case .problem(let problem) = await HtpasswdReader(vault: nil).read(request, known: nil, now: .now) else {
            Issue.record("it is no problem")
            return
        }
        #expect(problem == .noVault)
    }
}

@Suite("Hosts that are locked")
struct LockTests {
    private let path: VaultPath
    private let missing = SecretProblem(.missing, "there is no such secret")
    private let away = SecretProblem(.unavailable, "connection refused by 192.0.2.1")

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

    private func lock(_ state: SecretState?, isKept: Bool) throws -> (BasicAuth?, [String]) {
        let report = state.map {
            HtpasswdReport(
                request: HtpasswdRequest(subject: path), state: $0, kept: isKept ? KeptHtpasswd(path: path) : nil)
        }
        let result = try routed().locked([report].compactMap { $0 })
        return (result.table.hosts[0].settings.basicAuth, result.rejections.map(\.explanation))
    }

    @Test("are never open: closed until their users are known, and served with the last good ones after that")
    func states() throws {
        let users = BasicAuth.users(path)
        let table: [(SecretState?, Bool, BasicAuth, [String])] = [
            (nil, false, .nobody, []), (.pending(nil), false, .nobody, []),
            (
                .pending(away), false, .nobody,
                ["Vault cannot be asked for the users, or refuses to give them; the hosts answer 503"]
            ),
            (.refused(missing), false, .nobody, ["there is no such secret; the hosts answer 503"]),
            (.ready, true, users, []), (.pending(nil), true, users, []),
            (.stale(since: .now, away), true, users, []),
            (
                .stale(since: .now, missing), true, users,
                ["there is no such secret; the users that were read last stay"]
            ),
        ]
        for (state, isKept, lock, explanations) in table {
            let found = try self.lock(state, isKept: isKept)
            #expect(found.0 == lock, "\(String(describing: state))")
            #expect(found.1 == explanations)
        }
    }

    @Test("are told of once for an Ingress, beside its other problems and in the order of Ingresses")
    func rejections() throws {
        var wanted = try routed(["a.example.com", "b.example.com"])
        let others = ["a", "web", "z"].map {
            Rejection(
                source: OwnerRef(kind: .ingress, namespace: "shop", name: $0), field: "spec", value: "",
                reason: .invalidRule,
                explanation: "other")
        }
        wanted.rejections = others
        let report = HtpasswdReport(request: HtpasswdRequest(subject: path), state: .refused(missing), kept: nil)
        let result = wanted.locked([report])
        #expect(result.rejections.map(\.source.name) == ["a", "web", "web", "z"])
        #expect(result.rejections[2].field == "metadata.annotations[vault-ingress.io/basic-auth]")
        #expect(result.rejections[2].value == path.text)
        #expect(wanted.table.htpasswdRequests == [HtpasswdRequest(subject: path)])
    }
}
