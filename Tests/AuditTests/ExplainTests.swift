import Audit
import Testing

@Suite("Explanation of a host")
struct ExplainTests {
    private func explain(_ host: String, at second: Int? = nil, _ log: [AuditLine]) -> (text: String, isKnown: Bool) {
        var explainer = Explainer(HostNames(host), at: second.map(time))
        for line in log { explainer.read(line) }
        return explainer.explanation()
    }

    /// `shop/old` owns the host; `blog/young` claims it and becomes the owner when `shop/old` is deleted.
    static let takeover = [
        line(0, started),
        line(0, whole(nil)),
        line(
            10,
            reload(
                1, causes: [cause("shop/old", "added"), cause("shop/web", "added", kind: "Service")], added: ["a.test"],
                owners: ["a.test": "shop/old"], certificates: [certificate("a.test", "1")])),
        line(
            20,
            .hosts(
                Record.Hosts(
                    generation: 1, scope: .claims, part: 1, parts: 1,
                    hosts: [
                        entry(
                            "a.test", "shop/old", claimants: ["blog/young"], certificate: certificate("a.test", "1"),
                            cause: cause("blog/young", "added"))
                    ]))),
        line(30, reload(2, .rejected, causes: [cause("x/y", "added")], added: ["x.test"], error: "[emerg] no")),
        line(
            40,
            reload(
                3, causes: [cause("shop/old", "deleted", by: "helm")], changed: ["a.test"],
                owners: ["a.test": "blog/young"],
                conflicts: [Record.Conflict(host: "a.test", owner: "blog/young", claimants: [])])),
        line(
            50,
            reload(
                4, causes: [cause("blog/young", "deleted")], removed: ["a.test"])),
    ]

    @Test("before the first owner, the host was not served")
    func before() {
        let (text, isKnown) = explain("a.test", at: 5, Self.takeover)
        #expect(!isKnown)
        #expect(text.contains("Not served: no Ingress owned a.test, nor *.test, nor *."))
    }

    @Test("the first owner is explained with its start, its cause, the writer and its end")
    func owner() {
        let (text, isKnown) = explain("a.test", at: 15, Self.takeover)
        #expect(isKnown)
        #expect(
            text == """
                a.test at 2026-01-31T03:00:15.000Z, pod edge-1

                Served for Ingress shop/old.
                  Since generation 1 (2026-01-31T03:00:10.000Z).
                  Because Ingress shop/old was added (resourceVersion 7), last written by kubectl.
                  Until generation 3 (2026-01-31T03:00:40.000Z): then Ingress blog/young became the owner.
                No other Ingress claimed it.
                Certificate 11111111 from vault:secret/ssl/a.test version 1, valid until 2026-06-01T00:00:00Z.
                  Served since generation 1 (2026-01-31T03:00:10.000Z).

                """)
    }

    @Test("a claim without a reload is known from its time on, with the unsuccessful attempts since")
    func claimed() {
        let (text, _) = explain("a.test", at: 35, Self.takeover)
        #expect(text.contains("Also claimed by Ingress blog/young, since generation 1 (2026-01-31T03:00:20.000Z)"))
        #expect(text.contains("the last with generation 2 (2026-01-31T03:00:30.000Z): rejected: [emerg] no"))
    }

    @Test("the next claimant becomes the owner when the owner is deleted")
    func nextClaimant() {
        let (text, _) = explain("a.test", at: 40, Self.takeover)
        #expect(text.contains("Served for Ingress blog/young.\n  Since generation 3 (2026-01-31T03:00:40.000Z)."))
        #expect(text.contains("Because Ingress shop/old was deleted (resourceVersion 7), last written by helm."))
        #expect(text.contains("Before that, the owner was Ingress shop/old."))
        #expect(text.contains("Until generation 4 (2026-01-31T03:00:50.000Z): then the host was removed."))
        #expect(text.contains("No other Ingress claimed it."))
    }

    @Test("after the last owner, the answer names the time until which the host was served")
    func after() {
        let (text, isKnown) = explain("a.test", Self.takeover)
        #expect(isKnown)
        #expect(
            text.contains(
                "a.test was last served until generation 4 (2026-01-31T03:00:50.000Z), for Ingress blog/young."))
        #expect(text.contains("Because Ingress blog/young was deleted"))
    }

    @Test("a host that the log does not contain is unknown, and so is every host before the log begins")
    func unknown() {
        #expect(!explain("b.test", Self.takeover).isKnown)
        let (text, isKnown) = explain("a.test", at: 5, Array(Self.takeover.dropFirst(2)))
        #expect(!isKnown)
        #expect(text.contains("the log begins later, at 2026-01-31T03:00:10.000Z"))
        #expect(!explain("a.test", []).isKnown)
    }

    @Test("a rotated or stale certificate is reported as of the requested time")
    func certificates() {
        let log =
            Self.takeover.prefix(3) + [
                line(
                    20,
                    .certificate(
                        Record.Certificate(
                            host: "a.test", ingress: "shop/old", state: "stale", problem: "CertificateInvalid",
                            reason: "expired", certificate: certificate("a.test", "1")))),
                line(
                    30,
                    .certificate(
                        Record.Certificate(
                            host: "a.test", ingress: "shop/old", state: "ready", problem: nil, reason: nil,
                            certificate: certificate("a.test", "2", version: 2)))),
                line(
                    31,
                    reload(
                        2, causes: [cause("a.test", "modified", by: nil, kind: "Certificate")],
                        certificates: [certificate("a.test", "2", version: 2)])),
                line(
                    40,
                    reload(3, causes: [cause("a.test", "deleted", by: nil, kind: "Certificate")])),
            ]
        let stale = explain("a.test", at: 25, Array(log)).text
        #expect(stale.contains("Certificate 11111111 from"))
        #expect(stale.contains("The certificate was stale since 2026-01-31T03:00:20.000Z: CertificateInvalid expired"))
        let rotated = explain("a.test", at: 35, Array(log)).text
        #expect(rotated.contains("Certificate 22222222 from vault:secret/ssl/a.test version 2"))
        #expect(rotated.contains("Served since generation 2 (2026-01-31T03:00:31.000Z)."))
        #expect(!rotated.contains("stale"))
        #expect(rotated.contains("Since generation 1"), "the owner has not changed")
        #expect(explain("a.test", at: 45, Array(log)).text.contains("It had no certificate."))
    }

    @Test("a certificate problem is reported even if the log contains it before the host")
    func earlyTrouble() {
        let missing = Record.Certificate(
            host: "a.test", ingress: "shop/old", state: "rejected", problem: "CertificateMissing", reason: "none there",
            certificate: nil)
        let log =
            Self.takeover.prefix(2) + [line(5, .certificate(missing))]
            + [line(10, reload(1, added: ["a.test"], owners: ["a.test": "shop/old"]))]
        let text = explain("a.test", Array(log)).text
        #expect(text.contains("It had no certificate.\n  The certificate was rejected since 2026-01-31T03:00:05.000Z"))
    }

    @Test("a change of routes does not change the owner's start")
    func routes() {
        let log =
            Self.takeover.prefix(3) + [
                line(
                    20,
                    reload(
                        2, causes: [cause("shop/old", "modified")], changed: ["a.test"], owners: ["a.test": "shop/old"])
                )
            ]
        let text = explain("a.test", Array(log)).text
        #expect(text.contains("Since generation 1 (2026-01-31T03:00:10.000Z)."))
        #expect(text.contains("Its routes last changed with generation 2 (2026-01-31T03:00:20.000Z)."))
        #expect(text.contains("Because Ingress shop/old was modified"))
    }

    @Test("a host without an owner is served by the wildcard, then by the catch-all")
    func wildcard() {
        let log = [
            line(0, whole(nil)),
            line(1, reload(1, causes: [cause("any/all", "added")], added: ["*"], owners: ["*": "any/all"])),
            line(
                2, reload(2, causes: [cause("wild/card", "added")], added: ["*.test"], owners: ["*.test": "wild/card"])),
            line(3, reload(3, causes: [cause("own/a", "added")], added: ["a.test"], owners: ["a.test": "own/a"])),
        ]
        #expect(
            explain("a.test", at: 1, log).text.contains(
                "No Ingress owned a.test itself. It was served as * for Ingress any/all."))
        let wildcard = explain("a.test", at: 2, log).text
        #expect(wildcard.contains("It was served as *.test for Ingress wild/card."))
        #expect(
            wildcard.contains("Until generation 3 (2026-01-31T03:00:03.000Z): then Ingress own/a became the owner."))
        #expect(explain("a.test", log).text.contains("Served for Ingress own/a."))
        #expect(explain("b.a.test", log).text.contains("It was served as * "))
    }

    @Test("the owner is known without the beginning of the log, but not since when")
    func laterFile() {
        let log = [
            line(0, whole(7, entry("a.test", "shop/old", claimants: nil, certificate: certificate("a.test", "1"))))
        ]
        let text = explain("a.test", log).text
        #expect(
            text.contains(
                "Since generation 7 (2026-01-31T03:00:00.000Z) or earlier; the log does not contain the cause."))
        #expect(text.contains("The log does not contain other claims of the host."))
        let settled = log + [line(1, .hosts(.init(generation: 7, scope: .claims, part: 1, parts: 1, hosts: [])))]
        #expect(explain("a.test", settled).text.contains("No other Ingress claimed it."))
        #expect(
            explain("b.test", log).text.contains("Not served"),
            "hosts that the whole list does not contain are not served")
    }

    @Test("the head of a new file does not change the owner's start")
    func head() {
        let log =
            Self.takeover.prefix(3)
            + [line(60, whole(1, entry("a.test", "shop/old", certificate: certificate("a.test", "1"))))]
        #expect(explain("a.test", Array(log)).text.contains("Since generation 1 (2026-01-31T03:00:10.000Z)."))
    }

    private func many(_ generation: Int) -> (hosts: [String], reload: Record, lines: [Record]) {
        let hosts = (0..<250).map { "h\($0).test" }
        let owners = Dictionary(uniqueKeysWithValues: hosts.map { ($0, "shop/\($0)") })
        let causes = hosts.map { cause("shop/\($0)", "added") }
        let lines = Record.Hosts.lines(
            generation: generation, scope: .reload,
            zip(hosts, causes).map { entry($0, "shop/\($0)", cause: $1) })
        return (hosts, reload(generation, causes: causes, added: hosts, owners: owners), lines)
    }

    @Test(
        "of 250 hosts in one reload, the last one is explained like the first",
        arguments: ["h0.test", "h249.test"])
    func cut(host: String) {
        let (_, reload, lines) = many(1)
        let log = [line(0, whole(nil)), line(1, reload)] + lines.map { line(1, $0) }
        let (text, isKnown) = explain(host, log)
        #expect(isKnown)
        #expect(text.contains("Served for Ingress shop/\(host).\n  Since generation 1 (2026-01-31T03:00:01.000Z)."))
        #expect(text.contains("Because Ingress shop/\(host) was added"))
        #expect(!text.contains("UNCERTAIN"))
        #expect(explain("other.test", log).text.contains("Not served"))
    }

    @Test("if a part of a cut list is missing, the answer is uncertain")
    func missingPart() {
        let (_, reload, lines) = many(2)
        let log =
            [line(0, whole(1, entry("a.test", "shop/a"))), line(1, reload)]
            + lines.dropLast().map { line(1, $0) }
        #expect(
            explain("a.test", log).text.contains(
                "UNCERTAIN: lines that may concern a.test are missing from generation 2 (2026-01-31T03:00:01.000Z) on."
            ))
        let healed = log + [line(9, whole(2, entry("a.test", "shop/a")))]
        #expect(!explain("a.test", healed).text.contains("UNCERTAIN"))
    }

    @Test("after a damaged line, every answer is uncertain until all hosts are listed again")
    func damaged() throws {
        var explainer = Explainer(HostNames("a.test"), at: nil)
        explainer.read(line(0, whole(1, entry("a.test", "shop/a"))))
        explainer.missLine(of: nil)
        let warning =
            "UNCERTAIN: lines that may concern a.test are missing from generation 1 (2026-01-31T03:00:00.000Z) on"
        #expect(explainer.explanation().text.contains(warning))
        explainer.read(line(9, whole(2, entry("a.test", "shop/a"))))
        #expect(!explainer.explanation().text.contains("UNCERTAIN"))
    }

    @Test(
        "a damaged line is distinguished from lines of other logs",
        arguments: [
            (#"{"causes":[],"event":"reload","pod":"a","ti"#, true), (#"{"level":"info","message":"started"}"#, false),
            ("", false),
        ])
    func damagedLines(text: String, isDamaged: Bool) {
        #expect(AuditLine.isDamaged(Array(text.utf8)) == isDamaged)
        let cut = [UInt8](repeating: 0, count: 1 << 20)
        #expect(AuditLine.isDamaged(cut))
    }

    @Test("of many claimants, the first and the number of the others are reported")
    func manyClaimants() throws {
        let others = (10..<40).map { "team/i\($0)" }
        let log = [line(0, whole(1, entry("a.test", "shop/a", claimants: others)))]
        #expect(explain("a.test", log).text.contains("team/i10, team/i11"))
        #expect(explain("a.test", log).text.contains("team/i19 and 20 more, since"))
        #expect(try line(0, whole(1, entry("a.test", "shop/a", claimants: others))).json().utf8.count < 1000)
    }

    @Test("after a lost line, the next complete list shows the owner, but not its start")
    func lostLine() {
        let log = Self.takeover.prefix(3) + [line(60, whole(9, entry("a.test", "blog/young")))]
        let text = explain("a.test", Array(log)).text
        #expect(
            text.contains("Served for Ingress blog/young.\n  Since generation 9 (2026-01-31T03:01:00.000Z) or earlier"))
    }

    @Test("nothing is served while the controller or nginx is down")
    func down() {
        let log = Self.takeover.prefix(3) + [line(20, .nginx(.init(change: .ended, pid: 1, ending: "signal 9")))]
        #expect(
            explain("a.test", Array(log)).text.contains(
                "Nothing has been served since 2026-01-31T03:00:20.000Z: nginx ended: signal 9."))
        let again = log + [line(21, .nginx(.init(change: .started, pid: 2, ending: nil)))]
        #expect(!explain("a.test", Array(again)).text.contains("Nothing has been served"))
        let stopped = again + [line(30, .stop(.init(error: nil)))]
        #expect(explain("a.test", Array(stopped)).text.contains(": the controller was stopped. Before that:"))
    }

    @Test("a quarantined owner is reported with nginx's message and the start of the quarantine")
    func quarantine() {
        let quarantined = [Record.Quarantined(namespace: "shop", name: "old", error: "[emerg] no")]
        let log =
            Self.takeover.prefix(3) + [
                line(20, reload(2, added: ["x.test"], owners: ["x.test": "x/y"], quarantined: quarantined)),
                line(25, .quarantine(Record.Quarantine(quarantined))), line(30, .quarantine(Record.Quarantine([]))),
            ]
        #expect(explain("a.test", at: 28, Array(log)).text.contains("Quarantined since 2026-01-31T03:00:20.000Z"))
        #expect(explain("a.test", at: 28, Array(log)).text.contains("the current one: [emerg] no"))
        #expect(!explain("a.test", Array(log)).text.lowercased().contains("quarantine"))
    }

    @Test("each running pod is explained; pods that have ended are left out")
    func pods() {
        let other = [
            line(0, pod: "edge-2", whole(nil)),
            line(12, pod: "edge-2", reload(5, added: ["a.test"], owners: ["a.test": "shop/old"])),
        ]
        let log = Array(Self.takeover.prefix(3) + other)
        let both = explain("a.test", log).text
        #expect(both.contains("pod edge-1"))
        #expect(both.contains("pod edge-2"))
        #expect(both.contains("Since generation 5"))
        let one = explain("a.test", log + [line(20, .stop(.init(error: nil)))]).text
        #expect(!one.contains("pod edge-1"))
        #expect(one.contains("pod edge-2"))
    }
}
