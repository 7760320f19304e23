import HTTPClient
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite(.timeLimit(.minutes(1))) struct KubernetesClientTests {
    private let http = HTTPClient()
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func client(_ server: String, login: ClusterCredentials.Login = .none) -> KubernetesClient {
        KubernetesClient(
            credentials: ClusterCredentials(server: server, login: login), http: http, logger: .quiet)
    }

    @Test(
        "Ingress is taken from the newest API version that has it",
        arguments: [
            (
                ["networking.k8s.io/v1": ["ingresses", "ingresses/status", "ingressclasses"]],
                APIVersions(ingress: "networking.k8s.io/v1", ingressClass: "networking.k8s.io/v1")
            ),
            (
                [
                    "networking.k8s.io/v1": ["networkpolicies"],
                    "networking.k8s.io/v1beta1": ["ingresses", "ingressclasses"], "extensions/v1beta1": ["ingresses"],
                ],
                APIVersions(ingress: "networking.k8s.io/v1beta1", ingressClass: "networking.k8s.io/v1beta1")
            ),
            (
                ["networking.k8s.io/v1": ["networkpolicies"], "extensions/v1beta1": ["ingresses"]],
                APIVersions(ingress: "extensions/v1beta1", ingressClass: nil)
            ),
            (
                ["networking.k8s.io/v1": ["ingresses"], "networking.k8s.io/v1beta1": ["ingresses", "ingressclasses"]],
                APIVersions(ingress: "networking.k8s.io/v1", ingressClass: "networking.k8s.io/v1beta1")
            ),
            (["networking.k8s.io/v1": ["networkpolicies"]], nil),
        ] as [([String: [String]], APIVersions?)])
    func discovery(served: [String: [String]], expected: APIVersions?) async throws {
        try await FakeAPIServer.run { path, _ in
            guard let names = served[String(path.dropFirst("/apis/".count))] else { return .init(status: 404) }
            return .init(body: #"{"resources":[\#(names.map { #"{"name":"\#($0)"}"# }.joined(separator: ","))]}"#)
        } body: { server in
            do throws(KubernetesError) {
                #expect(try await client(server.url).discoverVersions() == expected)
            } catch {
                #expect(expected == nil)
                #expect(error.description.contains("expected Ingress in networking.k8s.io/v1"))
            }
        }
    }

    @Test("a 401 reads the token again and retries once")
    func renewal() async throws {
        try folder.write("token", "old")
        try await FakeAPIServer.run { _, authorization in
            authorization == "Bearer new" ? .init(body: #"{"gitVersion":"v1"}"#) : .init(status: 401)
        } body: { server in
            let client = client(server.url, login: .tokenFile("\(folder.path)/token"))
            let error = await #expect(throws: KubernetesError.self) { try await client.checkVersion() }
            #expect(error?.status?.code == 401)
            #expect(server.requests == ["GET /version Bearer old"])
            try folder.write("token", "new")
            #expect(try await client.checkVersion() == "v1")
            #expect(server.requests.dropFirst() == ["GET /version Bearer old", "GET /version Bearer new"])
        }
    }

    @Test("a rejection contains request, status, the server's message and Retry-After")
    func rejection() async throws {
        try await FakeAPIServer.run { _, _ in
            .init(
                status: 429, headers: ["Retry-After": "7"],
                body: #"{"kind":"Status","reason":"TooManyRequests","message":"slow down","code":429}"#)
        } body: { server in
            let error = await #expect(throws: KubernetesError.self) { try await client(server.url).checkVersion() }
            #expect(error?.description == "GET \(server.url)/version: 429 TooManyRequests: slow down")
            #expect(error?.retryAfter == .seconds(7))
            let watch = ClusterListWatch<Ingress>(client: client(server.url), path: "/apis/x/ingresses")
            let watchError = await #expect(throws: KubernetesError.self) {
                try await watch.watch(WatchRequest(resourceVersion: "1", random: 0)) { _ in true }
            }
            #expect(watchError?.retryAfter == .seconds(7))
        }
    }

    @Test(
        "the time that a server asks to wait is bounded", arguments: [("86400", 60), ("-5", 0), ("61", 60), ("5", 5)])
    func retryAfter(header: String, seconds: Int) async throws {
        try await FakeAPIServer.run { _, _ in
            .init(status: 503, headers: ["Retry-After": header], body: "")
        } body: { server in
            let error = await #expect(throws: KubernetesError.self) { try await client(server.url).checkVersion() }
            #expect(error?.retryAfter == .seconds(seconds))
        }
    }

    @Test("an unreachable server is reported in one line")
    func unreachable() async {
        let error = await #expect(throws: KubernetesError.self) {
            try await client("http://127.0.0.1:1").checkVersion()
        }
        #expect(error?.code == .unreachable)
        #expect(error?.description.hasPrefix("GET http://127.0.0.1:1/version: could not connect") == true)
    }

    @Test("a response that is not JSON is reported in one line")
    func unreadable() async throws {
        try await FakeAPIServer.run { _, _ in
            .init(body: "<html>")
        } body: { server in
            let error = await #expect(throws: KubernetesError.self) { try await client(server.url).checkVersion() }
            #expect(error?.code == .unreadable)
            #expect(error?.description == "GET \(server.url)/version: The given data was not valid JSON.")
        }
    }

    @Test("lists and watches send the parameters that the API requires")
    func queries() async throws {
        try await FakeAPIServer.run { path, _ in
            path.contains("watch=1")
                ? .init(
                    body: #"{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"2"}}}"# + "\n"
                        + #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"3"}}}"# + "\n")
                : .init(body: #"{"metadata":{"resourceVersion":"1"},"items":[]}"#)
        } body: { server in
            let source = ClusterListWatch<Ingress>(client: client(server.url), path: "/i")
            for request in [
                ListRequest(resourceVersion: "0", limit: 500), ListRequest(resourceVersion: "9", limit: 500),
                ListRequest(resourceVersion: "", limit: 500), ListRequest(limit: 500, continuing: "a/b="),
                ListRequest(resourceVersion: "0"),
            ] { _ = try await source.list(request) }
            var events = 0
            try await source.watch(WatchRequest(resourceVersion: "1", random: 0)) { _ in
                events += 1
                return true
            }
            #expect(events == 2)
            #expect(
                server.requests == [
                    "GET /i?limit=500&resourceVersion=0 ",
                    "GET /i?limit=500&resourceVersion=9&resourceVersionMatch=NotOlderThan ", "GET /i?limit=500 ",
                    "GET /i?limit=500&continue=a/b= ", "GET /i?resourceVersion=0 ",
                    "GET /i?watch=1&resourceVersion=1&allowWatchBookmarks=true&timeoutSeconds=300 ",
                ])
        }
    }
}
