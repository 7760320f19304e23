import Audit
import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import Logging
import Nginx
import NginxConfig
import Routing
import TestBed
import Testing

@testable import Controller
@testable import struct Nginx.ReloadAttempt

@Suite("Audit records of the reconciliation loop")
struct AuditTrailTests {
    /// - Parameters:
    ///   - lines: `HOST<tab>NAMESPACE/NAME<tab>PATH`, one per host.
    ///   - certificates: the digit that the digest of a host's certificate repeats.
    private func files(_ lines: [String], certificates: [String: Character] = [:]) throws -> Configuration {
        let hosts = try lines.map { line in
            let fields = line.split(separator: "\t").map(String.init)
            let owner = fields[1].split(separator: "/").map(String.init)
            return VirtualHost(
                host: try Host(fields[0] == "*" ? "" : fields[0]),
                owner: OwnerRef(kind: .ingress, namespace: owner[0], name: owner[1]),
                routes: [Route(match: .exact(try RequestPath("/\(fields[2])")), backend: .unavailable)],
                settings: HostSettings(tls: .vault))
        }
        var set = CertificateSet()
        for (host, digit) in certificates {
            set.byHost[try Host(host)] = ServedCertificate(
                address: try ContentAddress(String(repeating: digit, count: 64)), notBefore: 0, notAfter: 1,
                source: .vault("s/a"), version: KVVersion(number: 3, created: "t"))
        }
        return Configuration(table: RoutingTable(hosts: hosts.sorted { $0.host < $1.host }), certificates: set)
    }

    private func conflict(_ host: String, _ claimant: String, owner: String) -> Rejection {
        Rejection(
            source: OwnerRef(kind: .ingress, namespace: "shop", name: claimant), field: "spec.rules[0].host",
            value: host,
            reason: .hostConflict(owner: OwnerRef(kind: .ingress, namespace: "shop", name: owner)), explanation: "")
    }

    private func cause(_ name: String, _ verb: Change.Verb) -> Cause {
        Cause(
            Change(
                kind: .ingress, key: ObjectKey(namespace: "shop", name: name), verb: verb, resourceVersion: "1",
                lastWriter: .init(manager: "helm", time: nil)))
    }

    private func attempt(
        _ old: Configuration?, _ new: Configuration, _ result: ReloadAttempt.Result = .applied,
        rejections: [Rejection] = [], causes: [Cause] = []
    ) -> AuditTrail.Attempt {
        AuditTrail.Attempt(
            result: ReloadAttempt(generation: 2, result: result, test: .zero, reload: .zero), new: new,
            diff: ConfigurationDiff(from: old, to: new),
            sha256: "0c326c4f", rejections: rejections, causes: causes,
            times: .init(route: .zero, render: .zero, test: .zero, reload: .zero, total: .zero))
    }

    private func reload(_ records: [AuditRecord]) throws -> AuditRecord.Reload {
        guard case .reload(let reload) = try #require(records.first) else { throw BedError("no reload") }
        return reload
    }

    private func hosts(_ records: some Sequence<AuditRecord>) -> [AuditRecord.Hosts] {
        records.compactMap { if case .hosts(let hosts) = $0 { hosts } else { nil } }
    }

    @Test("a start records everything that is served, with unknown claims; an empty configuration is recorded too")
    func begin() throws {
        var trail = AuditTrail()
        let old = try files(["a.test\tshop/a\tx"], certificates: ["a.test": "a"])
        let written = hosts(trail.begin(7, old))
        #expect(written.map(\.scope) == [.whole])
        #expect(written[0].generation == 7)
        #expect(written[0].hosts.map(\.owner) == ["shop/a"])
        #expect(written[0].hosts[0].claimants == nil)
        #expect(written[0].hosts[0].certificate?.version == 3)
        #expect(hosts(trail.begin(nil, nil)).map(\.hosts) == [[]])
    }

    @Test("a reload records owners, and the claims that changed")
    func attempted() throws {
        var trail = AuditTrail()
        _ = trail.begin(nil, nil)
        let first = try files(["a.test\tshop/a\tx", "b.test\tshop/b\tx"])
        let clash = conflict("a.test", "late", owner: "a")
        let added = try reload(trail.attempted(attempt(nil, first, rejections: [clash])))
        #expect(added.owners == ["a.test": "shop/a", "b.test": "shop/b"])
        #expect(added.conflicts == [.init(host: "a.test", owner: "shop/a", claimants: ["shop/late"])])
        #expect(added.sha256 == "0c326c4f")
        let second = try files(["a.test\tshop/late\tx", "b.test\tshop/b\tx"])
        let taken = try reload(trail.attempted(attempt(first, second)))
        #expect(taken.owners == ["a.test": "shop/late"])
        #expect(taken.conflicts == [.init(host: "a.test", owner: "shop/late", claimants: [])])
    }

    @Test("a reload records the hosts with a new owner, and those that are closed now")
    func takenAndClosed() throws {
        var trail = AuditTrail()
        let old = try files(["a.test\tbank/web\tx", "b.test\tshop/b\tx"])
        _ = trail.begin(1, old)
        var new = try files(["a.test\tevil/old\tx", "b.test\tshop/b\tx"])
        new.table.hosts[1].settings.closedBy = "nginx.org/policies"
        var attempt = attempt(old, new)
        attempt.taken = HostTakeover.list(from: old, to: new)
        let lists = try reload(trail.attempted(attempt)).hosts
        #expect(lists.taken == [.init(host: "a.test", from: "bank/web", to: "evil/old")])
        #expect(lists.closed == [.init(host: "b.test", annotation: "nginx.org/policies")])
        #expect(lists.changed == ["a.test", "b.test"])
        let again = try reload(trail.attempted(self.attempt(new, new))).hosts
        #expect(again.taken.isEmpty && again.closed.isEmpty, "only what is new")
    }

    @Test("a rejected configuration does not change what is served")
    func rejected() throws {
        var trail = AuditTrail()
        _ = trail.begin(nil, nil)
        let records = trail.attempted(attempt(nil, try files(["a.test\tshop/a\tx"]), .rejected("[emerg] no")))
        #expect(try reload(records).error == "[emerg] no")
        #expect(trail.state.owners.isEmpty)
    }

    @Test("an Ingress that is quarantined or released without a reload has one line")
    func quarantine() throws {
        var trail = AuditTrail()
        let live = try files(["a.test\tshop/a\tx"])
        _ = trail.begin(3, live)
        _ = trail.unchanged(live, [], causes: [])
        let key = OwnerRef(kind: .ingress, namespace: "shop", name: "a")
        let held = AuditRecord.quarantine(.init([.init(namespace: "shop", name: "a", error: "no")]))
        var holding = live
        holding.quarantined = [key: "no"]
        #expect(trail.unchanged(holding, [], causes: []) == [held])
        #expect(trail.unchanged(holding, [], causes: []).isEmpty)
        #expect(trail.unchanged(live, [], causes: []) == [.quarantine(.init([]))])
    }

    @Test("a host that is served for the first time has all its claimants in the record of the reload")
    func claimantsOfUnservedHost() throws {
        var trail = AuditTrail()
        let before = try files(["a.test\tshop/a\tx"])
        _ = trail.begin(3, before)
        let claims = [conflict("b.test", "late", owner: "b")]
        // Its owner is quarantined and nothing is served, but the claim is known.
        _ = trail.unchanged(before, claims, causes: [])
        let after = try files(["a.test\tshop/a\tx", "b.test\tshop/b\tx"])
        let records = trail.attempted(attempt(before, after, rejections: claims))
        #expect(try reload(records).conflicts.map(\.host) == ["b.test"])
        #expect(try reload(records).conflicts.map(\.claimants) == [["shop/late"]])
    }

    @Test("claims that change without a reload have one line with their cause")
    func claims() throws {
        var trail = AuditTrail()
        let live = try files(["a.test\tshop/a\tx", "\(Host.catchAll)\tshop/all\tx"])
        _ = trail.begin(3, live)
        #expect(
            hosts(trail.unchanged(live, [], causes: [])).map(\.hosts) == [[]],
            "the first line says that there are no claims")
        #expect(trail.unchanged(live, [], causes: []).isEmpty)
        let clashes = [conflict("a.test", "late", owner: "a"), conflict("", "late", owner: "all")]
        let written = hosts(trail.unchanged(live, clashes, causes: [cause("late", .added)]))
        #expect(written.map(\.scope) == [.claims])
        #expect(written[0].generation == 3)
        #expect(written[0].hosts.map(\.host) == ["*", "a.test"])
        #expect(written[0].hosts.map(\.claimants) == [["shop/late"], ["shop/late"]])
        #expect(written[0].hosts[0].cause?.manager == "helm")
        #expect(trail.unchanged(live, clashes, causes: []).isEmpty)
        let gone = hosts(trail.unchanged(live, [], causes: [cause("late", .deleted)]))
        #expect(gone[0].hosts.map(\.claimants) == [[], []])
        #expect(gone[0].hosts[0].cause?.change == "deleted")
    }

    @Test("a reload whose lists are cut is followed by lines with every changed host and its cause")
    func cut() throws {
        var trail = AuditTrail()
        _ = trail.begin(nil, nil)
        let names = (0..<250).map { "h\($0)" }
        let many = try files(names.map { "\($0).test\tshop/\($0)\tx" })
        let records = trail.attempted(attempt(nil, many, causes: names.map { cause($0, .added) }))
        #expect(try reload(records).hosts.addedCount == 250)
        let written = hosts(records.dropFirst())
        #expect(written.map(\.parts) == [3, 3, 3])
        #expect(written.allSatisfy { $0.scope == .reload && $0.generation == 2 })
        #expect(written.flatMap(\.hosts).allSatisfy { $0.host == "\($0.cause?.name ?? "").test" })
        let emptied = trail.attempted(attempt(many, try files([]), causes: names.map { cause($0, .deleted) }))
        let gone = hosts(emptied.dropFirst()).flatMap(\.hosts)
        #expect(gone.count == 250)
        #expect(gone.allSatisfy { $0.owner == nil && $0.cause?.change == "deleted" })
    }
}
