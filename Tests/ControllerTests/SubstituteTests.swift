import Basics
import Foundation
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("Certificates of earlier generations, and expired ones")
struct SubstituteTests {
    private let name = "a.example.com"
    private let path = "secret/ssl/a.example.com"
    private let subject: CertificateSubject

    init() throws {
        subject = .host(try Host("a.example.com"))
    }

    private func bed(_ generations: [ServedCertificate]) throws -> RegistryBed {
        var bed = RegistryBed()
        bed.registry.remember(generations.map { [subject: $0] })
        bed.vault[path] = .problem(RegistryBed.outage)
        return bed
    }

    @Test("stand in while Vault is unavailable: the newest one that is intact and came from one of the paths")
    func outage() throws {
        let (newest, old) = (
            try RegistryBed.certificate("a", path: "secret/other"), try RegistryBed.certificate("b", path: path)
        )
        var bed = try bed([newest, old, try RegistryBed.certificate("c", path: path)])
        bed.want([try RegistryBed.request(name)])
        #expect(try bed.digit(name) == "b", "at once, before the first answer")
        bed.pass(.seconds(600))
        #expect(try bed.digit(name) == "b")
        #expect(try bed.state(name)?.name == "stale")
        bed.vault[path] = .certificate(try RegistryBed.certificate("d", path: path, version: 2))
        bed.pass(.seconds(60))
        #expect(try bed.digit(name) == "d")
        #expect(try bed.state(name) == .ready)
    }

    @Test("are not used if the file is damaged, and no longer once Vault has none")
    func answers() throws {
        var damaged = try bed([try RegistryBed.certificate("b", path: path)])
        damaged.isIntact = false
        damaged.want([try RegistryBed.request(name)])
        #expect(try damaged.digit(name) == nil)

        var missing = try bed([try RegistryBed.certificate("b", path: path)])
        missing.vault[path] = nil
        missing.want([try RegistryBed.request(name)])
        missing.pass(.zero)
        #expect(try missing.digit(name) == nil)
        #expect(try missing.state(name)?.name == "rejected")
    }

    @Test("stand in for a host that comes back")
    func back() throws {
        var bed = RegistryBed()
        bed.vault[path] = .certificate(try RegistryBed.certificate("a", path: path))
        bed.want([try RegistryBed.request(name)])
        bed.pass(.zero)
        bed.want([])
        bed.vault[path] = .problem(RegistryBed.outage)
        bed.want([try RegistryBed.request(name)])
        bed.pass(.seconds(60))
        #expect(try bed.digit(name) == "a")
        bed.vault[path] = .certificate(try RegistryBed.certificate("a", path: path))
        bed.pass(.seconds(60))
        #expect(try bed.state(name) == .ready)
    }

    @Test("an expired certificate without a replacement is served by a new replica as by an old one")
    func expired() throws {
        let expired = try RegistryBed.certificate("a", path: path, expiry: 1_000_010)
        var old = RegistryBed()
        old.vault[path] = .certificate(expired)
        old.want([try RegistryBed.request(name)])
        old.pass(.zero)
        old.vault[path] = .expired(expired)
        old.date += 11
        old.registry.schedule(try RegistryBed.request(name).sources[0], old.now, isUrgent: false)
        old.pass(.zero)
        var new = RegistryBed()
        new.date = old.date
        new.vault[path] = .expired(expired)
        new.want([try RegistryBed.request(name)])
        new.pass(.zero)
        for bed in [old, new] {
            #expect(try bed.digit(name) == "a")
            #expect(try bed.state(name)?.problem?.text == "the certificate expired")
            #expect(try bed.state(name)?.problem?.isOfSecretInUse == true)
        }
    }

    @Test("a valid certificate in use is not replaced by an expired one")
    func valid() throws {
        var bed = RegistryBed()
        bed.vault[path] = .certificate(try RegistryBed.certificate("a", path: path))
        bed.want([try RegistryBed.request(name)])
        bed.pass(.zero)
        bed.vault[path] = .expired(try RegistryBed.certificate("b", path: path, version: 2, expiry: 1))
        bed.pass(.seconds(60))
        #expect(try bed.digit(name) == "a")
        #expect(try bed.state(name)?.name == "stale")
    }

    @Test("an expired certificate of the last run is reported as such during an outage")
    func startup() throws {
        var bed = RegistryBed(
            previous: [subject: try RegistryBed.certificate("a", path: path, expiry: 1_000_000 - 1)])
        bed.vault[path] = .problem(RegistryBed.outage)
        bed.want([try RegistryBed.request(name)])
        bed.pass(.zero)
        #expect(try bed.digit(name) == "a")
        let problem = try #require(try bed.state(name)?.problem)
        #expect(problem.kind == .invalid && problem.isOfSecretInUse && !problem.isAnswer)
        #expect(
            problem.text
                == "the certificate expired at 1970-01-12T13:46:39Z, and no replacement can be read")
    }
}
