import Basics
import Foundation
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("Reads of certificates that hosts share")
struct SharedReadTests {
    private let wildcard = "secret/ssl/*.example.com"

    private func requests(_ count: Int) throws -> [CertificateRequest] {
        try (0..<count).map {
            try RegistryBed.request(
                "h\($0).example.com", paths: ["secret/ssl/h\($0).example.com", wildcard], owner: "o\($0)")
        }
    }

    private func bed(_ count: Int) throws -> RegistryBed {
        var bed = RegistryBed()
        bed.vault[wildcard] = .certificate(try RegistryBed.certificate("a", path: wildcard))
        bed.want(try requests(count))
        return bed
    }

    @Test("5000 hosts of one wildcard certificate cause about one read in each refresh")
    func load() throws {
        var bed = try bed(5000)
        bed.pass(.seconds(600))
        #expect(bed.registry.reports.allSatisfy { $0.state == .ready })
        #expect(bed.registry.refreshed == 1, "the refresh of the others is not stretched")
        let hour = bed.pass(.seconds(3600)).count
        #expect(hour <= 60 * 5, "\(hour) reads")
        // Each is looked for once a day.
        bed.vault["secret/ssl/h7.example.com"] = .certificate(
            try RegistryBed.certificate("7", path: "secret/ssl/h7.example.com"))
        bed.pass(.seconds(86400))
        #expect(try bed.digit("h7.example.com") == "7")
        #expect(try bed.digit("h8.example.com") == "a")
    }

    @Test("with few hosts, a secret of the host's own is found within minutes; if the Ingress changes, at once")
    func own() throws {
        var bed = try bed(20)
        bed.pass(.seconds(60))
        for host in ["h3.example.com", "h4.example.com"] {
            bed.vault["secret/ssl/\(host)"] = .certificate(
                try RegistryBed.certificate(host.dropFirst().first ?? "0", path: "secret/ssl/\(host)"))
        }
        bed.want(try requests(20), changed: ["o3"])
        #expect(bed.pass(.seconds(1)).contains("secret/ssl/h3.example.com"))
        #expect(try bed.digit("h3.example.com") == "3")
        #expect(try bed.digit("h4.example.com") == "a")
        bed.pass(.seconds(600))
        #expect(try bed.digit("h4.example.com") == "4")
        // And back to the wildcard.
        bed.vault["secret/ssl/h3.example.com"] = nil
        bed.pass(.seconds(62))
        #expect(try bed.digit("h3.example.com") == "a")
        #expect(try bed.state("h3.example.com") == .ready)
    }

    @Test("a missing secret is read after 1, 2, 4, 8, 10 and 10 minutes, and at once if its Ingress changes")
    func missing() throws {
        var bed = RegistryBed()
        let request = try RegistryBed.request("a.example.com")
        bed.want([request])
        let start = bed.now
        var times: [Int] = []
        for second in 0...2100 where !bed.pass(second == 0 ? .zero : .seconds(1)).isEmpty { times.append(second) }
        #expect(times == [0, 60, 180, 420, 900, 1500, 2100])
        #expect(bed.now == start + .seconds(2100))
        bed.want([request], changed: ["other"])
        #expect(bed.pass(.seconds(10)).isEmpty)
        bed.want([request], changed: ["web"])
        #expect(bed.pass(.zero).count == 1)
        #expect(bed.pass(.seconds(59)).isEmpty)
        #expect(bed.pass(.seconds(1)).count == 1, "the waits begin anew")
    }

    @Test("a secret that is rejected for another reason is read soon again, because somebody is working on it")
    func reasons() throws {
        var bed = RegistryBed()
        let path = "secret/ssl/a.example.com"
        bed.want([try RegistryBed.request("a.example.com")])
        bed.pass(.seconds(3600))
        for reason in ["no key", "no crt"] {
            bed.vault[path] = .problem(SecretProblem(.invalid, reason))
            bed.pass(.seconds(600))
            #expect(try bed.state("a.example.com")?.problem?.text == reason)
            #expect(bed.pass(.seconds(60)).count <= 1)
        }
        bed.pass(.seconds(3600))
        bed.vault[path] = .problem(SecretProblem(.invalid, "expired"))
        bed.pass(.seconds(600))
        #expect(bed.pass(.seconds(120)).count >= 1, "after one minute, not after ten")
    }

    @Test("an Ingress that changes all the time causes one read a second at most, and none of a secret in use")
    func changes() throws {
        var bed = RegistryBed()
        let requests = try ["a.example.com", "b.example.com"].map { try RegistryBed.request($0) }
        bed.vault["secret/ssl/b.example.com"] = .certificate(
            try RegistryBed.certificate("b", path: "secret/ssl/b.example.com"))
        bed.want(requests)
        bed.pass(.zero)
        var asked: [String] = []
        for _ in 0..<100 {
            bed.want(requests, changed: ["web"])
            asked += bed.pass(.milliseconds(100))
        }
        #expect((9...11).contains(asked.count) && Set(asked) == ["secret/ssl/a.example.com"], "\(asked)")
    }

    @Test("a host that is added to a certificate in use is served after one read; one that it does not cover is not")
    func added() throws {
        var bed = try bed(3)
        bed.pass(.seconds(630))
        bed.want(try requests(4))
        #expect(bed.pass(.zero) == [wildcard, "secret/ssl/h3.example.com"])
        #expect(try bed.state("h3.example.com") == .ready)
    }

    @Test("a source whose secret is rejected for one host is never answered with unchanged")
    func rejected() throws {
        var bed = RegistryBed()
        let shared = "secret/shared"
        bed.vault[shared] = .certificate(try RegistryBed.certificate("a", path: shared))
        bed.want(try ["a.example.com", "b.example.com"].map { try RegistryBed.request($0, paths: [shared]) })
        let read = try #require(bed.registry.takeDue(now: bed.now) { true }.first)
        let certificate = try RegistryBed.certificate("a", path: shared)
        let waits = RegistryBed.Registry.Waits(interval: .seconds(60), random: 1) { _ in nil }
        let moment = RegistryBed.Registry.Moment(date: bed.date, instant: bed.now)
        _ = bed.registry.record(.found(fingerprint: "f"), of: read, now: moment, waits: waits) { request, _ in
            request.subject.name == "a.example.com" ? .stored(certificate) : .problem(SecretProblem(.invalid, "name"))
        }
        #expect(try bed.state("a.example.com") == .ready)
        #expect(try bed.state("b.example.com")?.name == "rejected")
        let next = try #require(bed.registry.takeDue(now: bed.now + .seconds(60)) { true }.first)
        #expect(next.known == nil)
    }

    @Test("after an outage, one answer of Vault confirms all hosts")
    func outage() throws {
        var bed = try bed(50)
        bed.pass(.seconds(600))
        bed.vault[wildcard] = .problem(RegistryBed.outage)
        bed.pass(.seconds(60))
        #expect(bed.registry.reports.allSatisfy { $0.state.name == "stale" && $0.stored != nil })
        bed.vault[wildcard] = .certificate(try RegistryBed.certificate("a", path: wildcard))
        bed.pass(.seconds(60))
        #expect(bed.registry.reports.allSatisfy { $0.state == .ready })
    }

    @Test("first reads do not wait for the pace, refreshes do")
    func pace() throws {
        var bed = RegistryBed()
        bed.want(try requests(100))
        #expect(bed.registry.takeDue(now: bed.now) { false }.count == 100)
        var held = RegistryBed(
            previous: Dictionary(
                uniqueKeysWithValues: try requests(100).map {
                    ($0.subject, try RegistryBed.certificate("a", path: wildcard))
                }))
        held.want(try requests(100))
        var left = 10
        let reads = held.registry.takeDue(now: held.now) {
            left -= 1
            return left >= 0
        }
        #expect(reads.count == 10)
        #expect(held.registry.nextDue(pause: .milliseconds(200)) == held.now + .milliseconds(200))
    }
}
