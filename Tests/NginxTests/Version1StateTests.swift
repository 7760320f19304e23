import Foundation
import Nginx
import NginxConfig
import Routing
import TestBed
import Testing

@Suite("Generations of version 0.1.0")
struct Version1StateTests {
    private let state: StateDirectory
    private let store: GenerationStore
    private let sha256 = String(repeating: "a", count: 64)

    init() async throws {
        let folder = try TemporaryFolder.make("version1")
        state = StateDirectory(try AbsolutePath(folder.appending(path: "state").path))
        store = GenerationStore(state: state)
        try await store.prepare(temporaryFolder: AbsolutePath(folder.appending(path: "temp").path))
    }

    /// Writes the live generation as version 0.1.0 did.
    private func write(_ files: [String: String] = [:], lastGood: String? = nil) async throws -> Generation {
        let generation = try await store.write(RenderedConfiguration(Configuration(), main: "events {}")) { "\($0)" }
        let contents = [
            "routes.txt": """
            a.example.com\tshop/web\tssl\tprefix / -> web.shop.svc.cluster.local:80
            b.example.com\tshop/other\t\tprefix / -> web.shop.svc.cluster.local:80
            *\tshop/all\t\t

            """,
            "certificates.txt": """
            a.example.com\t\(sha256)\t1\t2\t3\tvault:secret/ssl/a.example.com
            -\t\(sha256)\t1\t2\t\tfile:/etc/ssl/b

            """,
            "users.txt": "secret/users/b\nsecret/users/a\n",
        ].merging(files) { $1 }
        for (name, text) in contents {
            try text.write(toFile: "\(generation.folder)/\(name)", atomically: true, encoding: .utf8)
        }
        try lastGood?.write(toFile: "\(state.root)/last-good.json", atomically: true, encoding: .utf8)
        try await store.activate(generation)
        return generation
    }

    private let good = """
        [{"certificate":null,"routes":{"host":"a.example.com","owner":{"name":"web","namespace":"shop"},
          "needs":{"http2":false,"httpsOnly":true,"tls":true,"settings":{"affinity":false,"backendProtocol":"http"}},
          "routes":[{"backend":{"unavailable":{}},"match":{"exact":{"_0":"/login"}}}]}},
         {"certificate":null,"routes":{"host":"b.example.com","owner":{"name":"earlier","namespace":"shop"},
          "needs":{"http2":false,"httpsOnly":false,"tls":false,"settings":{"affinity":false,"backendProtocol":"http"}},
          "routes":[{"backend":{"unavailable":{}},"match":{"exact":{"_0":"/login"}}}]}}]
        """

    @Test("hosts, owners, certificates and users are those of the listings; routes are those of last-good.json")
    func read() async throws {
        let generation = try await write(lastGood: good)
        let configuration = try await store.rendered(generation).configuration
        let hosts = configuration.table.hosts
        #expect(
            hosts.map { "\($0.host) \($0.owner)" } == [
                "a.example.com shop/web", "b.example.com shop/other", "* shop/all",
            ])
        #expect(hosts[0].routes.map(\.match) == [.exact(try RequestPath("/login"))])
        #expect(hosts[0].settings.redirect == .httpsOnly)
        #expect(hosts[1].routes.map(\.match) == [.prefix(.root)], "the routes of another owner are not used")
        let certificates = configuration.servedCertificates
        #expect(certificates["a.example.com"]?.version == nil, "a number alone does not identify a version")
        #expect(certificates["-"].map { "\($0.source)" } == "file:/etc/ssl/b")
        #expect(configuration.htpasswdFiles.map(\.source.text) == ["secret/users/a", "secret/users/b"])
    }

    @Test("without a usable last-good.json, hosts and certificates are known all the same", arguments: [nil, "", "{}"])
    func noLastGood(text: String?) async throws {
        let generation = try await write(lastGood: text)
        let configuration = try await store.rendered(generation).configuration
        #expect(configuration.table.hosts.count == 3)
        #expect(configuration.servedCertificates.count == 2)
    }

    @Test("a generation is converted once, and its other files stay as they are")
    func converted() async throws {
        let generation = try await write(lastGood: good)
        let before = try await store.rendered(generation)
        let secrets = try await GenerationStore(state: state).servedSecrets()
        try await store.convert()
        #expect(!FileManager.default.fileExists(atPath: "\(state.root)/last-good.json"))
        let after = GenerationStore(state: state)
        #expect(try await after.rendered(generation) == before)
        #expect(try await after.servedSecrets() == secrets)
        // The listings are not read again.
        for name in ["routes.txt", "certificates.txt", "users.txt"] {
            try "damaged".write(toFile: "\(generation.folder)/\(name)", atomically: true, encoding: .utf8)
        }
        try await after.convert()
        #expect(try await after.rendered(generation) == before)
    }

    @Test("a damaged generation.json is an error, so that no certificate is taken for unused")
    func damaged() async throws {
        let generation = try await write()
        try "{".write(toFile: "\(generation.folder)/generation.json", atomically: true, encoding: .utf8)
        let next = GenerationStore(state: state)
        await #expect(throws: FileError.self) { try await next.rendered(generation) }
        await #expect(throws: FileError.self) { try await next.servedSecrets() }
    }

    @Test(
        "a missing listing is empty, and the others are used",
        arguments: ["routes.txt", "certificates.txt", "users.txt"])
    func missing(name: String) async throws {
        let generation = try await write()
        try FileManager.default.removeItem(atPath: "\(generation.folder)/\(name)")
        let configuration = try await store.rendered(generation).configuration
        #expect(configuration.table.hosts.isEmpty == (name == "routes.txt"))
        #expect(configuration.servedCertificates.isEmpty == (name == "certificates.txt"))
        #expect(configuration.htpasswdFiles.isEmpty == (name == "users.txt"))
    }

    @Test("a generation that cannot be converted does not stop the conversion of the others")
    func convertOthers() async throws {
        let broken = try await write()
        try FileManager.default.removeItem(atPath: "\(broken.folder)/routes.txt")
        try FileManager.default.createDirectory(
            atPath: "\(broken.folder)/routes.txt", withIntermediateDirectories: false)
        let live = try await write()
        await #expect(throws: FileError.self) { try await store.convert() }
        #expect(FileManager.default.fileExists(atPath: "\(live.folder)/generation.json"))
    }

    @Test("the secrets of a damaged generation.json are recovered entry by entry, else from an older generation")
    func recovered() async throws {
        let first = try await write()
        try await store.convert()
        let older = try await store.rendered(first).configuration.secrets
        let path = "\(try await write().folder)/generation.json"
        try await store.convert()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // Not JSON: the older generation has the same secrets.
        try String(text.prefix(100)).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(await GenerationStore(state: state).recoverableSecrets().first == older)
        // A value of a later version in the table, and a path that is not valid.
        let lossy = text.replacing(#""prefix""#, with: #""sideways""#).replacing("secret/users/a", with: "/not/a/path/")
        try lossy.write(toFile: path, atomically: true, encoding: .utf8)
        let found = try #require(await GenerationStore(state: state).recoverableSecrets().first)
        #expect(found.certificates == older.certificates)
        #expect(found.htpasswdFiles.map(\.source.text) == ["secret/users/b"])
    }
}
