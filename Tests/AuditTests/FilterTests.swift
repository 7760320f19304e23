import Audit
import Testing

@Suite("Which lines are shown")
struct FilterTests {
    static let log = [
        line(0, started),
        line(10, whole(1, entry("a.test", "shop/web"))),
        line(
            20,
            reload(
                2, causes: [cause("shop/web", "modified")], changed: ["a.test"], owners: ["a.test": "shop/web"],
                conflicts: [Record.Conflict(host: "a.test", owner: "shop/web", claimants: ["blog/web"])])),
        line(
            30,
            reload(3, .rejected, causes: [cause("team/x", "added")], added: ["x.test"], owners: ["x.test": "team/x"])),
        line(40, reload(4, .failed, causes: [cause("a.test", "modified", by: nil, kind: "Certificate")])),
        line(50, reload(5, added: ["*.test"], owners: ["*.test": "wild/card"])),
        line(
            60,
            .certificate(
                Record.Certificate(
                    host: "a.test", ingress: "shop/web", state: "stale", problem: nil, reason: nil, certificate: nil))),
        line(70, reload(6, quarantined: [Record.Quarantined(namespace: "bad", name: "one", error: "x")])),
        line(
            80,
            reload(
                7, causes: [cause("external", "added", kind: "IngressClass")], added: ["*"], owners: ["*": "any/all"])),
    ]

    /// The seconds of the lines that fit.
    private func shown(_ change: (inout AuditFilter) -> Void) -> [Int] {
        var filter = AuditFilter()
        change(&filter)
        return Self.log.enumerated().filter { filter.matches($0.element) }.map { $0.offset * 10 }
    }

    @Test("without a filter, all")
    func none() { #expect(shown { _ in } == [0, 10, 20, 30, 40, 50, 60, 70, 80]) }

    @Test(
        "by host: in a list, with a certificate, or as the wildcard that covers it; not as the catch-all",
        arguments: [
            ("a.test", [10, 20, 40, 50, 60]), ("A.test", [10, 20, 40, 50, 60]), ("b.test", [50]), ("x.test", [30, 50]),
            ("*.test", [50]), ("*", [80]), ("a.b.test", []),
        ])
    func host(host: String, seconds: [Int]) {
        #expect(shown { $0.host = HostNames(host) } == seconds)
    }

    @Test(
        "by namespace: of a cause, an owner, a claimant or a quarantined Ingress",
        arguments: [("shop", [10, 20, 60]), ("blog", [20]), ("team", [30]), ("bad", [70]), ("wild", [50]), ("x", [])])
    func namespace(namespace: String, seconds: [Int]) {
        #expect(shown { $0.namespace = namespace } == seconds)
    }

    @Test(
        "by object, with or without its kind",
        arguments: [
            ("shop/web", [10, 20, 60]), ("Ingress/shop/web", [10, 20, 60]), ("ingress/shop/web", [10, 20, 60]),
            ("Service/shop/web", []), ("blog/web", [20]), ("bad/one", [70]), ("IngressClass/external", [80]),
            ("Certificate/a.test", [40]),
        ])
    func object(object: String, seconds: [Int]) {
        #expect(shown { $0.object = AuditFilter.Object(object) } == seconds)
    }

    @Test("an invalid object name is rejected", arguments: ["", "web", "a/b/c/d", "/web", "shop/"])
    func noObject(text: String) { #expect(AuditFilter.Object(text) == nil) }

    @Test("by time (inclusive) and by result; all conditions must hold")
    func others() {
        #expect(shown { ($0.since, $0.until) = (time(20), time(40)) } == [20, 30, 40])
        #expect(shown { $0.results = [.rejected, .failed] } == [30, 40])
        #expect(shown { $0.results = [.applied] } == [20, 50, 70, 80])
        #expect(
            shown {
                $0.host = HostNames("a.test")
                $0.results = [.failed]
            } == [40])
    }

    @Test("the table has a row for each line that adds information, and a heading for each pod")
    func table() {
        var table = AuditTable(host: nil)
        let rows = Self.log.flatMap { table.rows($0, isWanted: true) }
        #expect(rows.count == Self.log.count, "a list of all hosts has no row, but there is a heading")
        #expect(rows[0] == "pod edge-1:")
        #expect(
            rows[2]
                == "2026-01-31T03:00:20.000Z           2  applied     +0 -0 ~1         41.0  Ingress shop/web modified by kubectl"
        )
        #expect(table.rows(line(90, pod: "edge-2", reload(8)), isWanted: true).first == "pod edge-2:")
    }

    @Test("a start shows the changes since the last start, even if that is not shown")
    func starts() {
        var table = AuditTable(host: nil)
        _ = table.rows(line(0, started), isWanted: false)
        let next = Record.start(
            Record.Start(version: "0.2.0", nginx: "1.22.1", templates: "ff", settings: ["http-port": "81"]))
        let rows = table.rows(line(1, next), isWanted: true)
        #expect(
            rows.last?.hasSuffix(
                "vault-ingress 0.2.0, nginx 1.22.1, templates ff; changes since the last start: version 0.1.0 -> 0.2.0, templates, http-port 80 -> 81"
            ) == true)
    }

    @Test("control characters are escaped")
    func escapes() {
        var table = AuditTable(host: nil)
        let rows = table.rows(line(0, reload(1, .rejected, error: "\u{1b}[2J\nnginx")), isWanted: true)
        #expect(rows.last?.hasSuffix(#"error: \u{1b}[2J\u{a}nginx"#) == true)
    }
}
