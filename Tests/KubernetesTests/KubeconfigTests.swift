import Basics
import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct KubeconfigTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write("ca.crt", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n")
    }

    private func read(
        cluster: String = "server: https://127.0.0.1:6443", user: String = "token: t", context: String? = nil
    ) throws(CredentialsError) -> ClusterCredentials {
        try read(
            whole: """
                apiVersion: v1
                kind: Config
                current-context: dev
                contexts:
                - name: dev
                  context: {cluster: c, user: u, namespace: shop}
                - name: nobody
                  context: {cluster: c}
                - name: lost
                  context: {cluster: elsewhere, user: u}
                clusters:
                - name: c
                  cluster: {\(cluster)}
                users:
                - name: u
                  user: {\(user)}
                """, context: context)
    }

    private func read(whole: String, context: String? = nil) throws(CredentialsError) -> ClusterCredentials {
        let file = "\(folder.path)/config"
        do { try folder.write("config", whole) } catch { throw CredentialsError(file, "\(error)") }
        return try .kubeconfig(file: file, context: context, environment: ["PATH": "/bin", "A": "1"])
    }

    @Test("the current context is the default")
    func contexts() throws {
        #expect(try read().login == .token(Secret("t")))
        #expect(try read(context: "nobody").login == .none)
        #expect(try read(cluster: "server: https://h:1/prefix/").server == "https://h:1/prefix")
    }

    @Test(
        "the trust of a cluster",
        arguments: [
            ("server: https://h", ClusterCredentials.Trust.system),
            ("server: https://h, insecure-skip-tls-verify: true", .anything),
            (
                "server: https://h, certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t",
                .authority(.data("-----BEGIN CERTIFICATE-----".bytes))
            ),
            ("server: https://h, certificate-authority: ''", .system),
        ])
    func trust(cluster: String, expected: ClusterCredentials.Trust) throws {
        #expect(try read(cluster: cluster).trust == expected)
    }

    @Test("relative paths are relative to the kubeconfig")
    func relative() throws {
        #expect(
            try read(cluster: "server: https://h, certificate-authority: ca.crt").trust
                == .authority(.file("\(folder.path)/ca.crt")))
        #expect(try read(user: "tokenFile: ./token").login == .tokenFile("\(folder.path)/token"))
        let identity = try read(user: "client-certificate: c.pem, client-key-data: a2V5").identity
        #expect(identity == .init(certificate: .file("\(folder.path)/c.pem"), key: .data("key".bytes)))
    }

    @Test("server name and proxy are read")
    func names() throws {
        let credentials = try read(
            cluster: "server: https://10.0.0.1, tls-server-name: api.example.com, proxy-url: http://proxy:3128")
        #expect(credentials.serverName == "api.example.com")
        #expect(credentials.proxy == "http://proxy:3128")
    }

    @Test(
        "the login of a user: a token file takes precedence over a token, as in client-go",
        arguments: [
            ("token: t", ClusterCredentials.Login.token(Secret("t"))),
            ("token: t, tokenFile: /f", .tokenFile("/f")),
            ("username: a, password: b", .basic(user: "a", password: Secret("b"))),
            ("", .none),
        ])
    func login(user: String, expected: ClusterCredentials.Login) throws {
        #expect(try read(user: user).login == expected)
    }

    @Test("an exec plugin inherits the environment and adds its own")
    func exec() throws {
        let exec = "apiVersion: client.authentication.k8s.io/v1, args: [x, y], env: [{name: A, value: '2'}]"
        for (command, expected) in [
            ("aws", "aws"), ("bin/login", "\(folder.path)/bin/login"), ("/opt/login", "/opt/login"),
        ] {
            let plugin = ExecPlugin(
                version: .v1, command: expected, arguments: ["x", "y"], environment: ["PATH": "/bin", "A": "2"])
            #expect(try read(user: "exec: {command: \(command), \(exec)}").login == .exec(plugin))
        }
    }

    @Test(
        "the error of an invalid kubeconfig is one line with file, field, what was expected and what was found",
        arguments: [
            (
                "server: nowhere", "", nil,
                #": clusters[0].cluster.server: expected a URL like https://host:6443, found "nowhere""#
            ),
            ("", "", nil, #": clusters[0].cluster.server: expected a URL like https://host:6443, found """#),
            ("server: [a]", "", nil, ":13: clusters[0].cluster.server: expected a single value, found a list"),
            (
                "server: https://h, insecure-skip-tls-verify: maybe", "", nil,
                #":13: clusters[0].cluster.insecure-skip-tls-verify: expected true or false, found "maybe""#
            ),
            (
                "server: https://h, certificate-authority-data: '*'", "", nil,
                ": clusters[0].cluster.certificate-authority-data: expected base64, found something else"
            ),
            (
                "server: https://h, certificate-authority-data: aGVsbG8=", "", nil,
                ": clusters[0].cluster.certificate-authority: expected PEM certificates, found something else"
            ),
            (
                "server: https://h", "client-key-data: a2V5", nil,
                ": users[0].user.client-certificate: expected the certificate of client-key, found none"
            ),
            (
                "server: https://h", "client-certificate: c", nil,
                ": users[0].user.client-key: expected the key of client-certificate, found none"
            ),
            (
                "server: https://h", "exec: {command: a}", nil,
                #": users[0].user.exec.apiVersion: expected client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1, found """#
            ),
            (
                "server: https://h", "exec: {apiVersion: x}", nil,
                ": users[0].user.exec.command: expected a command, found none"
            ),
            (
                "server: https://h", "as: root", nil,
                #": users[0].user.as: impersonation is not supported, found "root""#
            ),
            (
                "server: https://h", "", "prod",
                #": contexts: expected one named "prod", found "dev", "nobody", "lost""#
            ),
            ("server: https://h", "", "lost", #": clusters: expected one named "elsewhere", found "c""#),
        ] as [(String, String, String?, String)])
    func broken(cluster: String, user: String, context: String?, message: String) {
        let error = #expect(throws: CredentialsError.self) {
            try read(cluster: cluster, user: user, context: context)
        }
        #expect(error?.description == "\(folder.path)/config\(message)")
    }

    @Test(
        "a file that is not a kubeconfig is rejected",
        arguments: [
            ("", ":1: expected a kubeconfig, found nothing"),
            ("{}", ": current-context: expected the name of a context, found none"),
            ("a: b: c", ":1: mapping values are not allowed in this context"),
            ("text", #":1: expected a mapping, found "text""#),
        ])
    func noKubeconfig(text: String, message: String) {
        let error = #expect(throws: CredentialsError.self) { try read(whole: text) }
        #expect(error?.description == "\(folder.path)/config\(message)")
    }

    @Test("an error does not show values below users, which may be secrets")
    func misplacedSecret() {
        let error = #expect(throws: CredentialsError.self) {
            try read(whole: "users:\n- name: u\n  user: swordfish")
        }
        #expect(
            error?.description
                == "\(folder.path)/config:3: users[0].user: expected a mapping, found something else")
    }

    @Test("missing files are named")
    func missing() {
        #expect(throws: CredentialsError("/nowhere", "cannot be read: No such file or directory")) {
            try ClusterCredentials.kubeconfig(file: "/nowhere")
        }
        #expect(throws: CredentialsError("\(folder.path)/no.crt", "cannot be read: No such file or directory")) {
            try read(cluster: "server: https://h, certificate-authority: no.crt")
        }
    }

    @Test("no description shows a token, a password or a key")
    func secrets() throws {
        for user in [
            "token: swordfish", "username: a, password: swordfish",
            "client-certificate-data: a2V5, client-key-data: c3dvcmRmaXNo",
        ] {
            let credentials = try read(user: user)
            var dumped = ""
            dump(credentials, to: &dumped)
            for text in ["\(credentials)", String(reflecting: credentials), dumped] {
                #expect(!text.contains("swordfish"))
                #expect(!text.contains("115"), "the key's bytes")
            }
        }
    }
}

@Suite struct InClusterTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.write("ca.crt", "-----BEGIN CERTIFICATE-----")
        try folder.write("token", "t\n")
    }

    @Test(
        "the address comes from the environment, IPv6 in brackets",
        arguments: [
            ("10.96.0.1", "https://10.96.0.1:443"), ("fd00::1", "https://[fd00::1]:443"),
        ])
    func address(host: String, server: String) throws {
        let credentials = try ClusterCredentials.inCluster(
            environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"], directory: folder.path)
        #expect(credentials.server == server)
        #expect(credentials.trust == .authority(.file("\(folder.path)/ca.crt")))
        #expect(credentials.login == .tokenFile("\(folder.path)/token"))
    }

    @Test("outside of a pod, the error names the missing variable or file")
    func outside() {
        let error = #expect(throws: CredentialsError.self) {
            try ClusterCredentials.inCluster(environment: ["KUBERNETES_SERVICE_HOST": "h"], directory: folder.path)
        }
        #expect(error?.place == "KUBERNETES_SERVICE_PORT")
        #expect(throws: CredentialsError("/nowhere/ca.crt", "cannot be read: No such file or directory")) {
            try ClusterCredentials.inCluster(
                environment: ["KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "1"], directory: "/nowhere")
        }
    }
}
