import Audit
import Foundation
import Testing

@Suite("Audit log lines")
struct LineTests {
    @Test("a reload line has the documented keys, in a fixed order")
    func reloadLine() throws {
        let record = reload(
            42, causes: [cause("shop/web", "modified")], added: ["a.test"], changed: ["b.test"],
            owners: ["a.test": "shop/web", "b.test": "shop/b", "c.test": "shop/c"],
            conflicts: [Record.Conflict(host: "a.test", owner: "shop/web", claimants: ["blog/web"])],
            certificates: [certificate("a.test", "1", version: nil)],
            quarantined: [Record.Quarantined(namespace: "x", name: "y", error: "[emerg] z")])
        #expect(
            try line(165, record).json()
                == #"{"causeCount":1,"causes":[{"change":"modified","kind":"Ingress","manager":"kubectl","name":"web","namespace":"shop","resourceVersion":"7"}],"certificateCount":1,"certificates":[{"host":"a.test","notAfter":"2026-06-01T00:00:00Z","sha256":"11111111","source":"vault:secret/ssl/a.test","version":null}],"conflictCount":1,"conflicts":[{"claimants":["blog/web"],"claimantsCount":1,"host":"a.test","owner":"shop/web"}],"error":null,"event":"reload","generation":42,"hostCount":1,"hosts":{"added":["a.test"],"addedCount":1,"changed":["b.test"],"changedCount":1,"closed":[],"closedCount":0,"removed":[],"removedCount":0,"taken":[],"takenCount":0},"milliseconds":{"reload":15,"render":3.4,"route":1.2,"test":20,"total":41},"owners":{"a.test":"shop/web","b.test":"shop/b"},"pod":"edge-1","quarantined":[{"error":"[emerg] z","name":"y","namespace":"x"}],"quarantinedCount":1,"result":"applied","sha256":"ab","time":"2026-01-31T03:02:45.000Z"}"#
        )
    }

    static let samples: [Record] = [
        moved(),
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

    private static func moved() -> Record {
        guard case .reload(var reload) = reload(1, changed: ["c.test"], owners: ["c.test": "shop/web"]) else {
            return started
        }
        reload.hosts = .init(
            added: [], removed: [], changed: ["c.test"], taken: [.init(host: "c.test", from: "a/b", to: "shop/web")],
            closed: [.init(host: "c.test", annotation: "nginx.org/policies")])
        return .reload(reload)
    }

    @Test("a written line is read back", arguments: samples)
    func roundTrip(record: Record) throws {
        let line = line(1, sequence: 7, record)
        let json = try line.json()
        #expect(!json.contains("\n"))
        #expect(json.contains(#","sequence":7,"#))
        #expect(AuditLine(json.utf8) == line)
    }

    @Test(
        "a line that is not an audit line is recognized",
        arguments: [
            "", "{", #"{"event":"reload","time":"2026-01-31T0"#, #"192.0.2.1 - - "GET / HTTP/1.1" 200"#,
            #"{"level":"info","message":"started"}"#, #"{"event":"other","time":"2026-01-31T03:00:00Z","pod":"a"}"#,
            #"{"event":"stop","time":"yesterday","pod":"a","error":null}"#,
        ])
    func garbage(text: String) {
        #expect(AuditLine(text.utf8) == nil)
    }

    @Test("the lists of taken and closed hosts are cut, and earlier lines without them are read")
    func hostLists() throws {
        let lists = Record.Reload.HostLists(
            added: [], removed: [], changed: [],
            taken: (0..<250).map { .init(host: "h\($0).test", from: "a/b", to: "c/d") },
            closed: (0..<101).map { .init(host: "h\($0).test", annotation: "x/y") })
        #expect(lists.taken.count == 100 && lists.takenCount == 250)
        #expect(lists.closed.count == 100 && lists.closedCount == 101)
        let old = #"{"added":["a"],"addedCount":1,"removed":[],"removedCount":0,"changed":[],"changedCount":0}"#
        let read = try JSONDecoder().decode(Record.Reload.HostLists.self, from: Data(old.utf8))
        #expect(read == Record.Reload.HostLists(added: ["a"], removed: [], changed: []))
    }

    @Test("a list longer than 100 is cut, and its length is kept")
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
        "hosts are split into as many lines as they need, at least one",
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
        "times are written in one format",
        arguments: [
            ("2026-01-31T03:12:45.123Z", "2026-01-31T03:12:45.123Z"),
            ("2026-01-31T03:12:45Z", "2026-01-31T03:12:45.000Z"),
            ("2026-01-31T05:12:45+02:00", "2026-01-31T03:12:45.000Z"), ("2026-01-31", nil), ("now", nil), ("", nil),
        ])
    func times(text: String, written: String?) {
        #expect(Timestamp(text)?.description == written)
    }

    @Test(
        "lines of version 0.1.0 are read with the current names",
        arguments: [
            (
                #"{"causeCount":1,"causes":[{"change":"deleted","kind":"UserList","manager":null,"name":"secret/basic-auth/shop/admin","namespace":"","resourceVersion":"3"}],"certificateCount":0,"certificates":[],"conflictCount":0,"conflicts":[],"error":null,"event":"reload","generation":7,"hostCount":3,"hosts":{"added":[],"addedCount":0,"changed":["a.test"],"changedCount":1,"removed":[],"removedCount":0},"milliseconds":{"reload":15,"render":3.4,"route":1.2,"test":20,"total":41},"owners":{"a.test":"shop/web"},"pod":"edge-1","quarantined":[],"quarantinedCount":0,"result":"applied","sha256":"ab","time":"2026-01-31T03:02:45.000Z"}"#,
                #""kind":"Htpasswd""#
            ),
            (
                #"{"event":"hosts","generation":7,"hosts":[{"cause":{"change":"deleted","kind":"UserList","manager":null,"name":"secret/basic-auth/shop/admin","namespace":"","resourceVersion":"3"},"certificate":null,"claimants":[],"claimantsCount":0,"host":"a.test","owner":"shop/web"}],"part":1,"parts":1,"pod":"edge-1","scope":"reload","time":"2026-01-31T03:02:45.000Z"}"#,
                #""kind":"Htpasswd""#
            ),
            (
                #"{"certificate":null,"event":"certificate","host":"a.test","ingress":"shop/web","pod":"edge-1","problem":"CertificateMissing","reason":"there is none at secret/ssl/a.test","state":"refused","time":"2026-01-31T03:02:45.000Z"}"#,
                #""state":"rejected""#
            ),
            (
                #"{"event":"users","path":"secret/basic-auth/shop/admin","pod":"edge-1","problem":"UserListMissing","reason":"there is no such secret","state":"refused","time":"2026-01-31T03:02:45.000Z","version":null}"#,
                #""problem":"HtpasswdMissing","reason":"there is no such secret","state":"rejected""#
            ),
            (
                #"{"event":"users","path":"secret/basic-auth/shop/admin","pod":"edge-1","problem":"UserListInvalid","reason":"users, line 1: expected NAME:HASH, the name of at most 255 bytes","state":"stale","time":"2026-01-31T03:02:45.000Z","version":2}"#,
                #""problem":"HtpasswdInvalid""#
            ),
            (
                #"{"event":"users","path":"secret/basic-auth/shop/admin","pod":"edge-1","problem":"UserListUnavailable","reason":"Vault does not answer","state":"pending","time":"2026-01-31T03:02:45.000Z","version":null}"#,
                #""problem":"HtpasswdUnavailable""#
            ),
        ])
    func oldNames(json: String, current: String) throws {
        let line = try #require(AuditLine(json.utf8))
        let written = try line.json()
        #expect(written.contains(current))
        #expect(!written.contains("UserList") && !written.contains("refused"))
        // Nothing else changes, except that lists of later versions are added, empty.
        #expect(
            written.replacing("Htpasswd", with: "UserList").replacing("rejected", with: "refused")
                .replacing(#""closed":[],"closedCount":0,"#, with: "").replacing(
                    #","taken":[],"takenCount":0"#, with: "")
                == json)
    }
}
