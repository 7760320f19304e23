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
        var owners: [OwnerRef]

        var sources: [String] { ["keys"] }
        var missing: SecretProblem { SecretProblem(.missing, "no key") }
        func source(of stored: Key) -> String { "keys" }
        func mayInherit(from previous: Self) -> Bool { false }
        func mayUse(_ stored: Key) -> Bool { true }
        func metadata(_ stored: Key?) -> Logger.Metadata { [:] }
    }

    private struct State {
        var answer = SourceAnswer<Key>.absent
        var files: Set<Key> = []
        var reads = 0
    }

    static let isNeededForReadiness = true
    static let names = SecretKindNames(
        singular: "ticket key", plural: "ticket keys", metric: "ticket_keys", statusKey: "ticketKeys")

    private let state = Mutex(State())

    var files: Set<Key> { state.withLock(\.files) }
    var reads: Int { state.withLock(\.reads) }

    func provide(_ key: Key) { state.withLock { $0.answer = .found(key, fingerprint: key.text) } }

    func requests(for table: RoutingTable) -> [Request] {
        table.hosts.map { Request(subject: $0.host, owners: [$0.owner]) }
    }

    func read(_ source: String, known: KnownSecret<Key>?, now: Date) async -> SourceAnswer<Key> {
        state.withLock { state in
            state.reads += 1
            return state.answer
        }
    }

    func check(_ content: Key, for request: Request, now: Date) -> SecretAnswer<Key, String> {
        .found(content, content.text)
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
        await stores.want(try table("a.example.com"), changed: [])
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
            await stores.want(RoutingTable(), changed: [])
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
            try Htpasswd(htpasswd: Array("anna:$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91".utf8)), at: .vault(paths[0]))
        var wanted = try table("a.example.com", "b.example.com")
        for index in paths.indices { wanted.hosts[index].settings.basicAuth = .users(paths[index]) }
        let stores = SecretStores(
            kinds: [HtpasswdKind(folder: folder, vault: nil, cluster: nil)], refreshInterval: .seconds(60),
            updates: WakeUpSignal(),
            logger: .quiet)
        await stores.resume(
            ServedSecrets(
                htpasswdFiles: paths.map { HtpasswdFile(path: $0, version: KVVersion(number: 4, created: "t")) }),
            generations: [])
        await stores.want(wanted, changed: [])
        // The version is not known: the file may be newer than the configuration that named it.
        #expect(await stores.reports.htpasswdFiles.map(\.stored) == [HtpasswdFile(path: paths[0]), nil])
        #expect(await stores.reports.served == ServedSecrets(htpasswdFiles: [HtpasswdFile(path: paths[0])]))
        #expect(await !stores.isAttempted)
        #expect(await stores.isAnswered, "readiness does not wait for htpasswd files")
    }

    @Test("one read serves all hosts with the same source, and an Ingress that changes causes one more")
    func sharing() async throws {
        let kind = TicketKeys()
        let updates = WakeUpSignal()
        let stores = SecretStores(
            kinds: [kind], refreshInterval: .seconds(3600), updates: updates, logger: .quiet)
        let wanted = RoutingTable(
            hosts: try (0..<500).map { number in
                VirtualHost(
                    host: try Routing.Host("h\(number).example.com"),
                    owner: OwnerRef(kind: .ingress, namespace: "shop", name: "web"), routes: [])
            })
        await stores.want(wanted, changed: [])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await stores.run() }
            await updates.wait(until: .now + .seconds(30))
            #expect(await stores.reports.kinds.map(\.countByState) == [["rejected": 500]])
            #expect(kind.reads == 1)
            kind.provide("key 1")
            await stores.want(wanted, changed: [OwnerRef(kind: .ingress, namespace: "shop", name: "other")])
            #expect(kind.reads == 1)
            await stores.want(wanted, changed: [OwnerRef(kind: .ingress, namespace: "shop", name: "web")])
            await updates.wait(until: .now + .seconds(30))
            #expect(await stores.reports.kinds.map(\.countByState) == [["ready": 500]])
            #expect(kind.reads == 2)
            group.cancelAll()
        }
    }
}
