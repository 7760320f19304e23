import Audit
import Basics
import Foundation
import Logging
import Nginx
import NginxConfig
import Routing
import Synchronization
import TestBed
import Testing

@testable import Controller

/// A kind of secret that exists only in this test: one for each host.
private final class TicketKeys: SecretKind {
    struct Key: StoredSecret, Hashable, ExpressibleByStringLiteral {
        let text: String

        init(stringLiteral text: String) { self.text = text }
    }

    struct Request: SecretRequest {
        var subject: Routing.Host

        func hasSameSources(as other: Self) -> Bool { true }
        func mayInherit(from previous: Self) -> Bool { false }
        func mayUse(_ stored: Key) -> Bool { true }
        func metadata(_ stored: Key?) -> Logger.Metadata { [:] }
    }

    private struct State {
        var answer: SecretAnswer<Key, String>
        var files: Set<Key> = []
    }

    static let isNeededForReadiness = true
    static let names = SecretKindNames(
        singular: "ticket key", plural: "ticket keys", metric: "ticket_keys", statusKey: "ticketKeys")

    private let state = Mutex(State(answer: .problem(SecretProblem(.missing, "no key"))))

    var files: Set<Key> { state.withLock(\.files) }

    func provide(_ key: Key) { state.withLock { $0.answer = .found(key, key.text) } }

    func requests(for table: RoutingTable) -> [Request] { table.hosts.map { Request(subject: $0.host) } }

    func read(_ request: Request, known: Key?, now: Date) async -> SecretAnswer<Key, String> {
        state.withLock(\.answer)
    }

    func write(_ content: String, as stored: Key) { state.withLock { _ = $0.files.insert(stored) } }
    func isOnDisk(_ stored: Key) -> Bool { files.contains(stored) }
    func removeFiles(except needed: [Key]) { state.withLock { $0.files.formIntersection(needed) } }

    static func needsReload(from old: Key, to new: Key) -> Bool { true }
    static func files(in served: ServedSecrets) -> [Routing.Host: Key] { [:] }
    static func add(_ files: [Routing.Host: Key], to served: inout ServedSecrets) {}
    static func auditRecord(of report: SecretReport<Request>) -> AuditRecord {
        .stop(AuditRecord.Stop(error: report.state.name))
    }
    static func statusEntry(of report: SecretReport<Request>) -> any Encodable { report.state.name }
}

@Suite("Secret stores")
struct SecretStoresTests {
    private func table(_ names: String...) throws -> RoutingTable {
        RoutingTable(
            hosts: try names.map {
                VirtualHost(
                    host: try Routing.Host($0), owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"),
                    routes: [])
            })
    }

    @Test("a new kind of secret is read, stored, reported, audited and removed like the others")
    func newKind() async throws {
        let kind = TicketKeys()
        let updates = WakeUpSignal()
        let stores = SecretStores(
            kinds: [kind], refreshInterval: .milliseconds(20), updates: updates, logger: .quiet)
        var records = stores.records.makeAsyncIterator()
        await stores.want(try table("a.example.com"))
        #expect(await !stores.isAnswered)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await stores.run() }
            await updates.wait(until: .now + .seconds(30))
            #expect(await stores.isAnswered)
            #expect(await stores.reports.kinds.map(\.countByState) == [["rejected": 1]])
            #expect(await records.next() == [.stop(AuditRecord.Stop(error: "rejected"))])

            kind.provide("key 1")
            await updates.wait(until: .now + .seconds(30))
            let reports = await stores.reports
            #expect(reports[TicketKeys.self].map(\.stored) == ["key 1"])
            #expect(reports.kinds.map(\.countByState) == [["ready": 1]])
            #expect(reports.kinds.flatMap(\.statusEntries).map { $0 as? String } == ["ready"])
            #expect(await records.next() == [.stop(AuditRecord.Stop(error: "ready"))])
            #expect(kind.files == ["key 1"])

            await stores.cleanup(keeping: [])
            #expect(kind.files == ["key 1"])
            await stores.want(RoutingTable())
            await stores.cleanup(keeping: [])
            #expect(kind.files.isEmpty)
            group.cancelAll()
        }
    }

    @Test("a file of the last run is used if it is on disk, until its source answers")
    func resume() async throws {
        let folder = HtpasswdFolder(
            try AbsolutePath(TemporaryFolder.make("htpasswd").appending(path: "files").path), workerUser: nil)
        try folder.prepare()
        let paths = try ["kv/a", "kv/b"].map { try VaultPath($0) }
        try folder.write(
            try Htpasswd(htpasswd: Array("anna:$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91".utf8)), at: paths[0])
        var wanted = try table("a.example.com", "b.example.com")
        for index in paths.indices { wanted.hosts[index].settings.basicAuth = .users(paths[index]) }
        let stores = SecretStores(
            kinds: [HtpasswdKind(folder: folder, vault: nil)], refreshInterval: .seconds(60), updates: WakeUpSignal(),
            logger: .quiet)
        await stores.resume(
            ServedSecrets(
                htpasswdFiles: paths.map { HtpasswdFile(path: $0, version: KVVersion(number: 4, created: "t")) }))
        await stores.want(wanted)
        // The version is not known: the file may be newer than the configuration that named it.
        #expect(await stores.reports.htpasswdFiles.map(\.stored) == [HtpasswdFile(path: paths[0]), nil])
        #expect(await stores.reports.served == ServedSecrets(htpasswdFiles: [HtpasswdFile(path: paths[0])]))
        #expect(await !stores.isAttempted)
        #expect(await stores.isAnswered, "readiness does not wait for htpasswd files")
    }

    @Test(
        "a secret is read again after 80 to 100 % of the interval, so that secrets drift apart",
        arguments: [(0.0, 48_000), (0.5, 54_000), (1.0, 60_000)])
    func delay(random: Double, milliseconds: Int) {
        let delay = RefreshDelay.next(interval: .seconds(60), random: random)
        #expect(abs((delay - .milliseconds(milliseconds)) / .milliseconds(1)) < 1)
    }
}
