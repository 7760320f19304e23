import Audit
import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import Nginx
import NginxConfig
import Routing
import Synchronization
import TestBed
import Testing

@testable import Controller
@testable import struct Nginx.Generation

@Suite("The reconciliation loop, without nginx")
struct ReconcilerTests {
    /// Applies everything except for configurations that contain a text.
    private final class ScriptedReloader: ConfigurationReloader {
        struct State {
            var rejects: String?
            var fails = false
            var hangs = false
            /// The time that a reload takes.
            var time = Duration.zero
            /// The size of `nginx.conf` above which a test is killed.
            var diesAbove = Int.max
            var tests = 0
            var applied: [RenderedConfiguration] = []
        }

        let state = Mutex(State())

        var applied: [RenderedConfiguration] { state.withLock(\.applied) }

        func resume() async -> Generation? { nil }

        func rotate(_ certificates: [String: ServedCertificate]) async -> [String: String] { [:] }

        func dryRun(_ rendered: RenderedConfiguration) async -> String? {
            state.withLock { $0.rejects.flatMap { rendered.main.contains($0) ? "[emerg] \($0)" : nil } }
        }

        func apply(_ rendered: RenderedConfiguration) async -> ReloadAttempt {
            while state.withLock(\.hangs), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(10)) }
            try? await Task.sleep(for: state.withLock(\.time))
            let problem = await dryRun(rendered)
            return state.withLock { state in
                if let problem {
                    return ReloadAttempt(generation: nil, result: .rejected(problem), test: .zero, reload: .zero)
                }
                state.tests += 1
                if rendered.main.utf8.count > state.diesAbove {
                    return ReloadAttempt(generation: nil, result: .exhausted("killed"), test: .zero, reload: .zero)
                }
                if state.fails {
                    return ReloadAttempt(generation: nil, result: .failed("no space"), test: .zero, reload: .zero)
                }
                state.applied.append(rendered)
                return ReloadAttempt(generation: state.applied.count, result: .applied, test: .zero, reload: .zero)
            }
        }
    }

    private struct EmptyStore: ConfigurationStore {
        func current() async -> Generation? { nil }
        func rendered(_ generation: Generation) async throws(FileError) -> RenderedConfiguration {
            RenderedConfiguration(Configuration(), main: "")
        }
        func newestConfiguration() async -> Configuration? { nil }
        func convert() async throws(FileError) {}
        func record(_ certificates: CertificateSet) async throws(FileError) {}
        func removeLinks(except names: Set<String>) async {}
        func servedSecrets() async throws(FileError) -> [ServedSecrets] { [] }
        func recoverableSecrets() async -> [ServedSecrets] { [] }
    }

    private struct NoSecrets: SecretSource {
        func resume(_ served: ServedSecrets, generations: [ServedSecrets]) async {}
        func want(_ table: RoutingTable, changed: Set<OwnerRef>) async {}
        var isAttempted: Bool { true }
        var isAnswered: Bool { true }
        var reports: SecretReports { SecretReports() }
        var updates: Int? { nil }
        func cleanup(keeping served: [ServedSecrets]) async {}
    }

    private struct Bed {
        let cache = ObjectCache(kinds: [])
        let reloader = ScriptedReloader()
        let state: ControllerState
        let reconciler: Reconciler
        let auditFile: String

        init(policy: HostPolicySource? = nil, interval: Duration = .zero) async throws {
            let folder = try TemporaryFolder.make("reconciler")
            auditFile = folder.appending(path: "audit").path
            let templates = try TemplateDirectory.load(Tools.checkout.appending(path: "templates").path)
            let settings = try Bed.settings(folder.path)
            state = ControllerState(
                cache: cache, master: try await Bed.master(folder.path), leadership: nil, secrets: SecretReports(),
                isReadyWithoutSecrets: false, pause: .zero)
            reconciler = Reconciler(
                Reconciler.Parts(
                    wakeUp: WakeUpSignal(), cache: cache,
                    router: Router(
                        options: RoutingOptions(
                            ingressClass: "vault-ingress", requireIngressClass: false,
                            clusterDomain: try DNSName("cluster.local"))),
                    hostPolicy: policy, source: NoSecrets(), secretWait: .zero,
                    renderer: ConfigurationRenderer(templates: templates, settings: settings),
                    configurations: EmptyStore(), nginx: reloader,
                    audit: try AuditLog(
                        .file(auditFile, AuditRotation(maxSize: nil, keep: 1)), pod: "test", logger: .quiet),
                    state: state,
                    report: { _ in }),
                interval: interval, logger: .quiet, now: { Date(timeIntervalSince1970: 0) })
        }

        private static func settings(_ folder: String) throws -> NginxSettings {
            NginxSettings(
                httpPort: try ServicePort(80), httpsPort: try ServicePort(443),
                capabilities: NginxCapabilities(
                    hasHTTP2PerServer: false, rotatesTicketKeys: false, keepsIdleConnections: false,
                    cachesCertificates: false), hsts: nil,
                installationID: try InstallationID("vault-ingress"),
                certificateFolder: try AbsolutePath(folder), certificateLinks: try AbsolutePath(folder),
                listenIPv6: false,
                resolver: try AddressAndPort("127.0.0.1", defaultPort: .dns), workerUser: nil, openFiles: 1024,
                pidFile: try AbsolutePath("\(folder)/pid"), socket: try AbsolutePath("\(folder)/socket"),
                emergencyLog: try AbsolutePath("\(folder)/log"), temporaryFolder: try AbsolutePath(folder),
                servers: .separate)
        }

        /// A supervisor that is never run.
        private static func master(_ folder: String) async throws -> NginxMaster {
            let directory = StateDirectory(try AbsolutePath(folder))
            return NginxMaster(
                binary: try await NginxBinary.find(try Tools.nginx, searchPath: "/usr/sbin:/usr/bin:/bin"),
                state: directory, store: GenerationStore(state: directory), addresses: [], logger: .quiet)
        }

        /// Puts an Ingress for the host, with one path, into the cache.
        func put(
            _ name: String, namespace: String = "shop", path: String = "/", host: String? = nil, age: Double = 0,
            hosts: Int = 1
        ) {
            cache.upsert(
                Ingress(
                    metadata: ObjectMeta(
                        name: name, namespace: namespace, uid: name,
                        creationTimestamp: Date(timeIntervalSince1970: -age)),
                    spec: Ingress.Spec(
                        rules: (0..<hosts).map { number in
                            Ingress.Rule(
                                host: host ?? (number == 0 ? "\(name).example.com" : "\(name)-\(number).example.com"),
                                paths: [
                                    Ingress.Path(
                                        path: path, pathType: "Exact",
                                        backend: .service(name: "web", port: .number(80)))
                                ])
                        })))
        }

        func audit() throws -> [JSON] {
            try String(contentsOfFile: auditFile, encoding: .utf8).split(separator: "\n")
                .map { try JSON(parsing: Array($0.utf8)) }
        }
    }

    @Test("a change is applied once, and an unchanged source causes no reload")
    func applied() async throws {
        let bed = try await Bed()
        bed.put("a")
        try await bed.reconciler.pass()
        try await bed.reconciler.pass()
        #expect(bed.reloader.applied.map { $0.configuration.table.hosts.map(\.host.name) } == [["a.example.com"]])
        #expect(bed.state.current.generation == 1)
        #expect(bed.state.current.isConverged)
        let line = try #require(try bed.audit().first { $0["event"].string == "reload" })
        #expect(line["hosts"]["added"] == ["a.example.com"])
        #expect(line["causes"][0]["name"].string == "a")
    }

    @Test(
        "an Ingress that nginx rejects is quarantined, and the failure metrics stay at zero before and after other changes"
    )
    func quarantined() async throws {
        let bed = try await Bed()
        for name in ["a", "b", "c"] { bed.put(name) }
        try await bed.reconciler.pass()
        bed.reloader.state.withLock { $0.rejects = "/bad" }
        bed.put("a", path: "/bad")
        try await bed.reconciler.pass()
        #expect(bed.state.current.quarantined.keys.map(\.name) == ["a"])
        #expect(bed.state.current.failuresInARow == 0)
        #expect(bed.reloader.applied.count == 1, "nothing is left to apply")
        bed.put("d")
        try await bed.reconciler.pass()
        let live = try #require(bed.reloader.applied.last?.configuration)
        #expect(live.table.hosts.map(\.host.name) == ["a", "b", "c", "d"].map { "\($0).example.com" })
        #expect(live.quarantined.keys.map(\.name) == ["a"])
        #expect(bed.state.current.failuresInARow == 0)
        bed.put("a", path: "/good")
        try await bed.reconciler.pass()
        #expect(bed.state.current.quarantined.isEmpty)
        #expect(bed.reloader.applied.last?.configuration.quarantined == [:])
    }

    @Test("if a test dies for lack of memory twice, the largest change is quarantined and the others go live")
    func exhausted() async throws {
        let bed = try await Bed()
        bed.put("a")
        try await bed.reconciler.pass()
        let size = try #require(bed.reloader.applied.last).main.utf8.count
        bed.reloader.state.withLock { $0.diesAbove = size + 10_000 }
        bed.put("large", hosts: 50)
        bed.put("small")
        try await bed.reconciler.pass()
        #expect(bed.state.current.failuresInARow == 1)
        bed.reloader.state.withLock { $0.tests = 0 }
        try await bed.reconciler.pass()
        #expect(bed.reloader.state.withLock(\.tests) == 2)
        #expect(bed.state.current.quarantined.keys.map(\.name) == ["large"])
        let problem = try #require(bed.state.current.quarantined.values.first)
        #expect(
            problem.hasPrefix(
                "the test of the configuration lacks time or memory (killed), and this is among the largest"))
        let live = try #require(bed.reloader.applied.last?.configuration.table.hosts)
        #expect(live.contains { $0.owner.name == "small" && $0.routes.first?.match == .exact(.root) })
        #expect(!live.contains { $0.owner.name == "large" })
        #expect(bed.reloader.applied.last?.configuration.table.unserved.count == 50)

        // The same size again is not tested before the retry is due; a smaller one is.
        bed.reloader.state.withLock { $0.tests = 0 }
        bed.put("large", path: "/other", hosts: 50)
        try await bed.reconciler.pass()
        #expect(bed.reloader.state.withLock(\.tests) == 0)
        bed.put("large", hosts: 2)
        try await bed.reconciler.pass()
        #expect(bed.state.current.quarantined.isEmpty && bed.state.current.failuresInARow == 0)
    }

    @Test("the attempt that succeeds names the causes of the failed ones again")
    func failed() async throws {
        let bed = try await Bed()
        bed.put("a")
        try await bed.reconciler.pass()
        bed.reloader.state.withLock { $0.fails = true }
        bed.put("b")
        try await bed.reconciler.pass()
        #expect(bed.state.current.failuresInARow == 1)
        #expect(bed.state.current.lastError == "no space")
        bed.reloader.state.withLock { $0.fails = false }
        try await bed.reconciler.pass()
        #expect(bed.state.current.failuresInARow == 0)
        let causes = try bed.audit().filter { $0["event"].string == "reload" }
            .map { $0["causes"].array.compactMap { $0["name"].string } }
        #expect(causes == [["a"], ["b"], ["b"]])
    }

    @Test("the process is unhealthy when a pass hangs for minutes, not before and not after")
    func unhealthy() async throws {
        let bed = try await Bed()
        bed.put("a")
        bed.reloader.state.withLock { $0.hangs = true }
        let loop = Task { try await bed.reconciler.run() }
        try await eventually("the pass has begun") { bed.state.current.table.hosts.count == 1 }
        #expect(HealthPage.live(bed.state, at: .now).status == "200 OK")
        let later = ContinuousClock.now + LoopProgress.patience + .seconds(1)
        let page = HealthPage.live(bed.state, at: later)
        #expect(page.status == "503 Service Unavailable")
        #expect(page.body == "not healthy: a step of the loop has not ended for 301 s\n")
        bed.reloader.state.withLock { $0.hangs = false }
        try await eventually("the pass has ended") { bed.state.lastPass != nil && bed.reloader.applied.count == 1 }
        try await eventually("the process is healthy again") {
            HealthPage.live(bed.state, at: .now + LoopProgress.patience + .seconds(1)).status == "200 OK"
        }
        // The loop has ended, but changes arrive.
        loop.cancel()
        _ = await loop.result
        bed.put("b")
        let body = HealthPage.live(bed.state, at: .now + .seconds(400)).body
        #expect(body.hasPrefix("not healthy: a change has not been processed for"))
    }

    /// The pauses are 20, 40, 80, 160, 320 and 400 ms; without them, there would be 25 reloads.
    @Test("a namespace that changes all the time causes few reloads, and a change of another one is taken at once")
    func fairness() async throws {
        let bed = try await Bed(interval: .milliseconds(20))
        bed.reloader.state.withLock { $0.time = .milliseconds(100) }
        let loop = Task { try await bed.reconciler.run() }
        let start = ContinuousClock.now
        var number = 0
        var reloads: [String: Int] = [:]
        while start.duration(to: .now) < .seconds(3) {
            number += 1
            bed.put("busy", namespace: "busy", path: "/\(number)")
            if number.isMultiple(of: 100) {
                reloads["quiet-\(number).example.com"] = bed.reloader.applied.count
                bed.put("quiet-\(number)", namespace: "\(number)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        let hosts = bed.reloader.applied.map { Set($0.configuration.table.hosts.map(\.host.name)) }
        #expect(hosts.count <= 10 + reloads.count)
        for (host, before) in reloads {
            // The one in progress, and the next.
            #expect(hosts.count < before + 2 || hosts[before...(before + 1)].contains { $0.contains(host) })
        }
        loop.cancel()
        _ = await loop.result
    }

    @Test("the pages of status and metrics are computed once per change, and readiness names the ages")
    func pages() async throws {
        let bed = try await Bed()
        bed.put("a")
        try await bed.reconciler.pass()
        let pages = AdminPages(state: bed.state)
        let first = await pages.response(to: "GET /status HTTP/1.1")
        #expect(first.body.contains(#""host" : "a.example.com""#))
        for _ in 0..<5 {
            #expect(await pages.response(to: "GET /status HTTP/1.1") == first)
            #expect(await pages.response(to: "GET /metrics HTTP/1.1").body.contains("vault_ingress_hosts 1.0\n"))
        }
        #expect(await pages.computed == 2)
        bed.put("b")
        try await bed.reconciler.pass()
        #expect(await pages.response(to: "GET /status HTTP/1.1").body.contains("b.example.com"))
        #expect(await pages.response(to: "GET /metrics HTTP/1.1").body.contains("vault_ingress_hosts 2.0\n"))

        let now = ContinuousClock.now
        let times = SourceActivity.Times(listed: now - .seconds(90), event: nil)
        #expect(
            HealthPage.lines([.service: times, .ingress: times], lastPass: now - .seconds(5), at: now) == [
                "Ingress: listed 90 s ago, last watch event never", "Service: listed 90 s ago, last watch event never",
                "last pass: 5 s ago",
            ])
    }

    @Test(
        "a takeover is counted, recorded, audited and on /status until the host moves on; a failed attempt is not one")
    func takeover() async throws {
        let bed = try await Bed()
        bed.put("young", host: "a.example.com")
        bed.put("old", age: 5)
        try await bed.reconciler.pass()
        #expect(bed.state.current.hostTakeovers == 0)
        bed.reloader.state.withLock { $0.fails = true }
        bed.put("old", host: "a.example.com", age: 5)
        try await bed.reconciler.pass()
        #expect(bed.state.current.hostTakeovers == 0)
        bed.reloader.state.withLock { $0.fails = false }
        try await bed.reconciler.pass()
        #expect(bed.state.current.hostTakeovers == 1)
        #expect(bed.state.current.takeovers.map { "\($0.takeover.from) \($0.takeover.to)" } == ["shop/young shop/old"])
        let line = try #require(try bed.audit().last { $0["event"].string == "reload" })
        #expect(line["hosts"]["taken"] == [["host": "a.example.com", "from": "shop/young", "to": "shop/old"]])
        #expect(try StatusPage.json(of: bed.state).contains(#""to" : "shop/old""#))
        bed.put("old", age: 5)
        try await bed.reconciler.pass()
        #expect(bed.state.current.hostTakeovers == 2)
        #expect(bed.state.current.takeovers.map { "\($0.takeover.from) \($0.takeover.to)" } == ["shop/old shop/young"])
    }

    @Test("a change of the host policy is a cause, and an invalid file keeps the last valid policy and is on /status")
    func hostPolicy() async throws {
        let file = try TemporaryFolder.make("policy").appending(path: "policy.yaml")
        func write(_ text: String) throws { try text.write(to: file, atomically: true, encoding: .utf8) }
        try write("default: allow\ndomains: []\n")
        let source = try HostPolicySource(file: file.path, wakeUp: WakeUpSignal(), logger: .quiet)
        let bed = try await Bed(policy: source)
        bed.put("a")
        try await bed.reconciler.pass()
        #expect(bed.state.current.table.hosts.count == 1)
        try write("default: allow\ndomains:\n- {domain: a.example.com, namespaces: [bank]}\n")
        await source.reread()
        try await bed.reconciler.pass()
        #expect(bed.state.current.table.hosts.isEmpty)
        #expect(bed.state.current.rejections.map(\.reason) == [.hostNotAllowed])
        let line = try #require(try bed.audit().last { $0["event"].string == "reload" })
        #expect(line["causes"][0]["kind"].string == "HostPolicy")
        #expect(line["causes"][0]["name"].string == file.path)
        try write("default: allow\nother: 1\n")
        await source.reread()
        try await bed.reconciler.pass()
        #expect(bed.state.current.table.hosts.isEmpty)
        let problem = try #require(bed.state.current.hostPolicy?.problem)
        #expect(problem.hasPrefix("\(file.path):2:1: "))
        #expect(try StatusPage.json(of: bed.state).contains(#""problem" : ""#))
    }

    @Test("nginx that cannot start with the first configuration ends the controller with its message")
    func firstStart() async throws {
        let bed = try await Bed()
        bed.put("a")
        bed.reloader.state.withLock { $0.fails = true }
        let error = await #expect(throws: StartupError.self) { try await bed.reconciler.pass() }
        #expect(error?.description == "cannot start nginx with the first generation: no space")
        let line = try #require(try bed.audit().first { $0["event"].string == "reload" })
        #expect(line["result"].string == "failed" && line["error"].string == "no space")
        #expect(line["causes"][0]["name"].string == "a")
    }
}

@Suite("Unused files")
struct UnusedFilesTests {
    @Test("unused files may exist after a change of certificates, and ten reloads later; not otherwise")
    func schedule() throws {
        let same = ConfigurationDiff(from: nil, to: Configuration())
        var old = Configuration()
        old.htpasswdFiles = [HtpasswdFile(path: try VaultPath("secret/a"))]
        var files = UnusedFiles()
        #expect((1...12).filter { _ in files.mayExist(after: same) }.count == 1)
        let changed = files.mayExist(after: ConfigurationDiff(from: old, to: Configuration()))
        #expect(changed)
        let next = (1...12).map { _ in files.mayExist(after: same) }
        #expect(next.firstIndex(of: true) == GenerationStore.kept - 1)
    }
}
