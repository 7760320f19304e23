import Audit
import Foundation
import Testing

@Suite("Lines of the audit log")
struct LineTests {
    @Test("a reload's line holds the keys of the contract, in one fixed order")
    func reloadLine() throws {
        let record = reload(
            42, causes: [cause("shop/web", "modified")], added: ["a.test"], changed: ["b.test"],
            owners: ["a.test": "shop/web", "b.test": "shop/b", "c.test": "shop/c"],
            conflicts: [Record.Conflict(host: "a.test", owner: "shop/web", claimants: ["blog/web"])],
            certificates: [certificate("a.test", "1", version: nil)],
            quarantined: [Record.Quarantined(namespace: "x", name: "y", error: "[emerg] z")])
        #expect(
            try line(165, record).json()
                == #"{"causeCount":1,"causes":[{"change":"modified","kind":"Ingress","manager":"kubectl","name":"web","namespace":"shop","resourceVersion":"7"}],"certificateCount":1,"certificates":[{"host":"a.test","notAfter":"2026-06-01T00:00:00Z","sha256":"11111111","source":"vault:secret/ssl/a.test","version":null}],"conflictCount":1,"conflicts":[{"claimants":["blog/web"],"claimantsCount":1,"host":"a.test","owner":"shop/web"}],"error":null,"event":"reload","generation":42,"hostCount":1,"hosts":{"added":["a.test"],"addedCount":1,"changed":["b.test"],"changedCount":1,"removed":[],"removedCount":0},"milliseconds":{"reload":15,"render":3.4,"route":1.2,"test":20,"total":41},"owners":{"a.test":"shop/web","b.test":"shop/b"},"pod":"edge-1","quarantined":[{"error":"[emerg] z","name":"y","namespace":"x"}],"quarantinedCount":1,"result":"applied","sha256":"ab","time":"2026-01-31T03:02:45.000Z"}"#
        )
    }

    static let samples: [Record] = [
        started, .stop(Record.Stop(error: nil)), .nginx(Record.Nginx(change: .ended, pid: nil, ending: "signal 9")),
        reload(
            1, .rejected, causes: [cause("shop/web", "added", by: nil)], added: ["a.test"], removed: ["b.test"],
            changed: ["c.test"], owners: ["a.test": "shop/web"],
            conflicts: [Record.Conflict(host: "a.test", owner: "shop/web", claimants: ["a/b"])],
            certificates: [certificate("a.test", "1")],
            quarantined: [Record.Quarantined(namespace: "x", name: "y", error: "z")], error: "[emerg] \"x\"\nin y"),
        whole(nil),
        whole(
            3,
            entry(
                "a.test", "s/w", claimants: ["a/b"], certificate: certificate("a.test", "1"), cause: cause("a/b", "x"))),
        .quarantine(Record.Quarantine([Record.Quarantined(namespace: "x", name: "y", error: "z")])),
        .certificate(
            Record.Certificate(
                host: "-", ingress: nil, state: "stale", problem: "CertificateMissing", reason: "none",
                certificate: certificate("-", "1"))),
        .users(
            Record.Users(
                path: "secret/basic-auth/x/y", state: "stale", problem: "HtpasswdMissing", reason: "none", version: 2)),
    ]

    @Test("what is written is read again, as one line", arguments: samples)
    func roundTrip(record: Record) throws {
        let line = line(1, record)
        let json = try line.json()
        #expect(!json.contains("\n"))
        #expect(AuditLine(json.utf8) == line)
    }

    @Test(
        "what is no audit line is told apart",
        arguments: [
            "", "{", #"{"event":"reload","time":"2026-01-31T0"#, #"192.0.2.1 - - "GET / HTTP/1.1" 200"#,
            #"{"level":"info","message":"started"}"#, #"{"event":"other","time":"2026-01-31T03:00:00Z","pod":"a"}"#,
            #"{"event":"stop","time":"yesterday","pod":"a","error":null}"#,
        ])
    func garbage(text: String) {
        #expect(AuditLine(text.utf8) == nil)
    }

    @Test("a list longer than 100 is cut, and its length told")
    func cutLists() throws {
        let hosts = (0..<250).map { "h\($0).test" }
        guard
            case .reload(let cut) = reload(
                1, added: hosts, owners: Dictionary(uniqueKeysWithValues: hosts.map { ($0, "a/b") })),
            case .reload(let short) = reload(1, added: ["a.test"])
        else { return }
        #expect(cut.hosts.added.count == 100)
        #expect(cut.hosts.addedCount == 250)
        #expect(cut.owners.count == 100)
        #expect(cut.isCut)
        #expect(!short.isCut)
    }

    @Test(
        "hosts are spread over as many lines as they need, and none make one line",
        arguments: [(0, 1), (100, 1), (101, 2), (10_000, 100)])
    func parts(hosts: Int, lines: Int) {
        let records = Record.Hosts.lines(
            generation: 1, scope: .whole, (0..<hosts).map { entry("h\($0).test", "a/b") })
        #expect(records.count == lines)
        let parts = records.compactMap { if case .hosts(let part) = $0 { part } else { nil } }
        #expect(parts.map(\.part) == Array(1...lines))
        #expect(parts.allSatisfy { $0.parts == lines && $0.hosts.count <= 100 })
        #expect(parts.flatMap(\.hosts).count == hosts)
    }

    @Test(
        "times are written in one form, whatever form they come in",
        arguments: [
            ("2026-01-31T03:12:45.123Z", "2026-01-31T03:12:45.123Z"),
            ("2026-01-31T03:12:45Z", "2026-01-31T03:12:45.000Z"),
            ("2026-01-31T05:12:45+02:00", "2026-01-31T03:12:45.000Z"), ("2026-01-31", nil), ("now", nil), ("", nil),
        ])
    func times(text: String, written: String?) {
        #expect(Timestamp(text)?.description == written)
    }
}
