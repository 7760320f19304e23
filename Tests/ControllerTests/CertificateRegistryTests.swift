import Basics
import Foundation
import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("The registry of certificates")
struct CertificateRegistryTests {
    private let a = "a.example.com"
    private let b = "b.example.com"
    private let path = "secret/ssl/a.example.com"

    @Test("without a good certificate, a problem rejects it; an outage of Vault leaves it pending")
    func withoutGood() throws {
        var bed = RegistryBed()
        bed.want([try RegistryBed.request(a)])
        #expect(!bed.registry.isAttempted)
        bed.vault[path] = .problem(RegistryBed.outage)
        bed.pass(.zero)
        #expect(try bed.state(a) == .pending(RegistryBed.outage))
        #expect(bed.registry.isAttempted && !bed.registry.isAnswered, "no answer")
        bed.vault[path] = nil
        bed.pass(.seconds(60))
        #expect(try bed.state(a)?.problem?.text == "no certificate at \(path)")
        #expect(try bed.state(a)?.name == "rejected")
        #expect(bed.registry.isAnswered)
        #expect(bed.registry.files.isEmpty)
    }

    @Test("a denial or a failure of Vault is an answer; only secrets that were wanted at first are waited for")
    func answers() throws {
        var bed = RegistryBed()
        let requests = try [a, b].map { try RegistryBed.request($0) }
        #expect(!bed.registry.isAnswered, "nothing has been wanted")
        bed.vault = [path: .problem(RegistryBed.denied), "secret/ssl/\(b)": .problem(RegistryBed.outage)]
        bed.want(requests)
        bed.pass(.zero)
        #expect(!bed.registry.isAnswered)
        bed.want([requests[0], try RegistryBed.request("later.example.com")])
        #expect(bed.registry.isAnswered, "b is not wanted any more")
        bed.want(requests)
        #expect(!bed.registry.isAnswered)
        bed.vault = [
            path: .problem(RegistryBed.outage),
            "secret/ssl/\(b)": .certificate(try RegistryBed.certificate("b", path: "secret/ssl/\(b)")),
        ]
        bed.pass(.seconds(60))
        #expect(bed.registry.isAnswered, "an answer counts, whatever follows")
    }

    @Test("the last good certificate stays in use, stale since the first problem, until it is confirmed")
    func staleness() throws {
        var bed = RegistryBed()
        let good = try RegistryBed.certificate("a", path: path)
        bed.vault[path] = .certificate(good)
        bed.want([try RegistryBed.request(a)])
        bed.pass(.zero)
        #expect(try bed.state(a) == .ready)
        bed.vault[path] = .problem(RegistryBed.denied)
        bed.pass(.seconds(60))
        let since = bed.date
        bed.vault[path] = .problem(RegistryBed.outage)
        bed.pass(.seconds(60))
        #expect(try bed.state(a) == .stale(since: since, RegistryBed.outage))
        #expect(bed.registry.files.values.map(\.address) == [good.address])
        bed.pass(.seconds(59))
        let read = try #require(bed.registry.takeDue(now: bed.now + .seconds(60)) { true }.first)
        #expect(read.known?.stored == good, "an outage says nothing about the file")
        bed.vault[path] = nil
        bed.answer(read)
        bed.pass(.seconds(59))
        let afterDenial = try #require(bed.registry.takeDue(now: bed.now + .seconds(60)) { true }.first)
        #expect(afterDenial.known == nil, "no version may confirm a file that the source has denied")
        bed.vault[path] = .certificate(good)
        bed.answer(afterDenial)
        #expect(try bed.state(a) == .ready)
    }

    @Test("a change of state is reported once; an attempt with the same result is not")
    func reports() throws {
        var bed = RegistryBed()
        bed.want([try RegistryBed.request(a)])
        for (answer, isReported) in [
            (nil, true), (nil, false), (.certificate(try RegistryBed.certificate("a", path: path, version: nil)), true),
            (.certificate(try RegistryBed.certificate("a", path: path, version: nil)), false),
        ] as [(RegistryBed.Answer?, Bool)] {
            bed.vault[path] = answer
            let (reads, reported) = (bed.asked.count, bed.reported)
            bed.pass(.seconds(600))
            #expect(bed.asked.count > reads)
            #expect(bed.reported - reported == (isReported ? 1 : 0))
        }
    }

    @Test("a new owner with other sources does not inherit the certificate of the last owner")
    func otherPaths() throws {
        var bed = RegistryBed()
        bed.isIntact = false
        bed.vault["secret/mine/a"] = .certificate(try RegistryBed.certificate("a", path: "secret/mine/a"))
        bed.want([try RegistryBed.request(a, paths: ["secret/mine/a"])])
        let late = try #require(bed.registry.takeDue(now: bed.now) { true }.first)
        bed.want([try RegistryBed.request(a, paths: ["secret/yours/a"], owner: "other")])
        bed.answer(late)
        #expect(bed.registry.files.isEmpty, "an answer to the previous request is dropped")
        bed.want([try RegistryBed.request(a, paths: ["secret/mine/a"])])
        bed.pass(.zero)
        #expect(bed.registry.files.count == 1)
        bed.want([try RegistryBed.request(a, paths: ["secret/yours/a"], owner: "other")])
        #expect(bed.registry.files.isEmpty)
    }

    @Test("an owner that switches to another source keeps its certificate until the new source answers")
    func sameOwner() throws {
        var bed = RegistryBed()
        bed.vault[path] = .certificate(try RegistryBed.certificate("a", path: path))
        bed.want([try RegistryBed.request(a)])
        bed.pass(.zero)
        bed.want([try RegistryBed.request(a, paths: ["secret/tls/2026"])])
        #expect(bed.registry.files.values.map(\.source) == [.vault(path)])
        #expect(bed.pass(.zero) == ["secret/tls/2026"])
        #expect(try bed.state(a)?.name == "stale")
        #expect(bed.registry.files.count == 1)
        bed.vault["secret/tls/2026"] = .certificate(try RegistryBed.certificate("b", path: "secret/tls/2026"))
        bed.pass(.seconds(60))
        #expect(try bed.digit(a) == "b")
    }

    @Test("a certificate of the last run stays in use if it came from one of the candidates")
    func seeds() throws {
        let previous = [CertificateSubject.host(try Host(a)): try RegistryBed.certificate("a", path: path)]
        var bed = RegistryBed(previous: previous)
        bed.want([try RegistryBed.request(a)])
        #expect(bed.registry.files.count == 1)
        #expect(bed.registry.isAnswered)
        var other = RegistryBed(previous: previous)
        other.want([try RegistryBed.request(a, paths: ["secret/yours/a"])])
        #expect(other.registry.files.isEmpty)
    }

    @Test("a certificate is read when it is due, by one task at a time")
    func due() throws {
        var bed = RegistryBed()
        bed.vault[path] = .certificate(try RegistryBed.certificate("a", path: path))
        bed.want([try RegistryBed.request(a)])
        let read = try #require(bed.registry.takeDue(now: bed.now) { true }.first)
        #expect(bed.registry.takeDue(now: bed.now) { true }.isEmpty)
        #expect(bed.registry.nextDue(pause: .zero) == nil && bed.registry.isReading)
        bed.answer(read)
        #expect(bed.registry.nextDue(pause: .zero) == bed.now + .seconds(60) && !bed.registry.isReading)
        #expect(bed.registry.takeDue(now: bed.now + .seconds(59)) { true }.isEmpty)
        #expect(bed.registry.takeDue(now: bed.now + .seconds(60)) { true }.count == 1)
    }

    @Test("a certificate that is no longer wanted is forgotten")
    func unwanted() throws {
        var bed = RegistryBed()
        bed.want([try RegistryBed.request(a)])
        bed.want([])
        #expect(bed.registry.reports.isEmpty && bed.registry.places.isEmpty)
    }
}
