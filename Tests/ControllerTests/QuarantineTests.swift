import Kubernetes
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@testable import Controller

@Suite("Quarantine")
struct QuarantineTests {
    private let certificate: ServedCertificate

    init() throws {
        certificate = ServedCertificate(
            address: try ContentAddress(String(repeating: "a", count: 64)), notBefore: 0, notAfter: 1,
            source: "vault:secret/ssl/a", version: 1)
    }

    private let service = ObjectKey(namespace: "shop", name: "web")

    private func owner(_ name: String) -> OwnerRef { OwnerRef(kind: .ingress, namespace: "shop", name: name) }

    private func host(_ name: String, of ingress: String, path: String = "/") throws -> VirtualHost {
        let backend = Backend.service(
            service, address: try DNSName("web.shop.svc.cluster.local"), port: try ServicePort(80))
        return VirtualHost(
            host: try Host(name), owner: owner(ingress),
            routes: [Route(match: .prefix(try RequestPath(path)), backend: backend)])
    }

    private func table(_ hosts: VirtualHost...) -> RoutingTable { RoutingTable(hosts: hosts) }

    @Test("the plan is what is wanted, and names what changes by owner")
    func changes() throws {
        var quarantine = Quarantine()
        let old = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b"))
        quarantine.confirm(quarantine.plan(old, CertificateSet()))
        let new = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b", path: "/new"))
        let plan = quarantine.plan(new, CertificateSet())
        #expect(plan.table == new)
        #expect(plan.changed == [owner("b"): [try Host("b.example.com")]])
    }

    @Test("a new certificate is a change of its host")
    func certificateChange() throws {
        var quarantine = Quarantine()
        let table = try table(host("a.example.com", of: "a"))
        quarantine.confirm(quarantine.plan(table, CertificateSet()))
        let plan = quarantine.plan(table, CertificateSet(byHost: [try Host("a.example.com"): certificate]))
        #expect(plan.changed == [owner("a"): [try Host("a.example.com")]])
    }

    @Test("who is held back is served as before, certificate included, until it changes")
    func holding() throws {
        var quarantine = Quarantine()
        let a = try Host("a.example.com")
        let good = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b"))
        let certificates = CertificateSet(byHost: [a: certificate])
        quarantine.confirm(quarantine.plan(good, certificates))
        let bad = try table(host("a.example.com", of: "a", path: "/("), host("b.example.com", of: "b"))
        quarantine.hold([owner("a"): "nginx says no"], bad, CertificateSet())
        let plan = quarantine.plan(bad, CertificateSet())
        #expect(plan.table == good)
        #expect(plan.certificates == certificates)
        #expect(plan.changed.isEmpty)
        #expect(quarantine.problems == [owner("a"): "nginx says no"])

        let repaired = try table(host("a.example.com", of: "a", path: "/new"), host("b.example.com", of: "b"))
        #expect(quarantine.plan(repaired, CertificateSet()).table == repaired)
        #expect(quarantine.problems.isEmpty)
    }

    @Test("who is held back is served with the pods of now")
    func heldWithPods() throws {
        let pods = Backend.pods(
            of: service, address: try DNSName("web.shop.svc.cluster.local"), port: try ServicePort(80))
        func table(_ path: String, pod: String) throws -> RoutingTable {
            var routes = try host("a.example.com", of: "a", path: path)
            routes.routes[0].backend = pods
            return RoutingTable(
                hosts: [routes],
                pods: [pods: [AddressAndPort(address: try IPAddress(pod), port: try ServicePort(8080))]])
        }
        var quarantine = Quarantine()
        quarantine.confirm(quarantine.plan(try table("/good", pod: "10.0.0.1"), CertificateSet()))
        quarantine.hold([owner("a"): "no"], try table("/(", pod: "10.0.0.1"), CertificateSet())
        let plan = quarantine.plan(try table("/(", pod: "10.0.0.2"), CertificateSet())
        #expect(plan.table == (try table("/good", pod: "10.0.0.2")))
    }

    @Test("pods that nginx refuses are not served, until they are others; then nothing is, if the rest is refused too")
    func badPods() throws {
        let pods = Backend.pods(
            of: service, address: try DNSName("web.shop.svc.cluster.local"), port: try ServicePort(80))
        let byName = RoutingTable(
            hosts: [try host("a.example.com", of: "a"), try host("b.example.com", of: "b")])
        func table(pod: String) throws -> RoutingTable {
            var table = byName
            table.hosts[0].routes[0].backend = pods
            table.pods = [pods: [AddressAndPort(address: try IPAddress(pod), port: try ServicePort(8080))]]
            return table
        }
        var quarantine = Quarantine()
        quarantine.confirm(quarantine.plan(try table(pod: "10.0.0.1"), CertificateSet()))
        let bad = try table(pod: "10.0.0.2")
        #expect(quarantine.plan(bad, CertificateSet()).changed == [owner("a"): [try Host("a.example.com")]])
        quarantine.hold([owner("a"): "no"], bad, CertificateSet())
        let first = quarantine.plan(bad, CertificateSet())
        #expect(first.table == bad)
        #expect(first.held == [owner("a"): [try Host("a.example.com")]])
        quarantine.hold([owner("a"): "no"], bad, CertificateSet())
        #expect(quarantine.plan(bad, CertificateSet()).table.hosts == byName.hosts)
        quarantine.hold([owner("a"): "no"], bad, CertificateSet())
        let last = quarantine.plan(bad, CertificateSet())
        #expect(last.table.hosts == [byName.hosts[1]])
        #expect(last.held.isEmpty && last.changed.isEmpty)
        #expect(quarantine.problems == [owner("a"): "no; its hosts are left out altogether"])

        let other = try table(pod: "10.0.0.3")
        #expect(quarantine.plan(other, CertificateSet()).table == other)
        #expect(quarantine.problems.isEmpty)
    }

    @Test("who never was served, or inherits a host from another, gets 503 there", arguments: [true, false])
    func nothingGood(isInherited: Bool) throws {
        var quarantine = Quarantine()
        let before = isInherited ? try table(host("a.example.com", of: "old")) : RoutingTable()
        quarantine.confirm(quarantine.plan(before, CertificateSet()))
        let bad = try table(host("a.example.com", of: "new", path: "/("))
        quarantine.hold([owner("new"): "no"], bad, CertificateSet())
        let served = try #require(quarantine.plan(bad, CertificateSet()).table.hosts.first)
        #expect(served.owner == owner("new"))
        #expect(served.routes == [Route(match: .prefix(.root), backend: .unavailable)])
    }

    @Test("who may come in, and how, is never held back, whatever else is")
    func lock() throws {
        var locked = try host("a.example.com", of: "a")
        locked.settings.basicAuth = .users(try VaultPath("secret/old"))
        var quarantine = Quarantine(lastGood: ServedHost.list(table(locked), CertificateSet()))
        var bad = try host("a.example.com", of: "a", path: "/(")
        bad.settings.basicAuth = .nobody
        bad.settings.allowFrom = [try AddressRange("10.0.0.0/8")]
        bad.settings.redirect = .httpsOnly
        quarantine.hold([owner("a"): "no"], table(bad), CertificateSet())
        locked.settings = bad.settings
        #expect(quarantine.plan(table(bad), CertificateSet()).table == table(locked))
    }

    @Test("an Ingress that is gone is no longer held")
    func gone() throws {
        var quarantine = Quarantine()
        let bad = try table(host("a.example.com", of: "a", path: "/("))
        quarantine.hold([owner("a"): "no"], bad, CertificateSet())
        #expect(quarantine.plan(RoutingTable(), CertificateSet()).table == RoutingTable())
        #expect(quarantine.problems.isEmpty)
    }

    @Test("what is served outlives a restart, and a damaged file is an error")
    func coding() throws {
        var settings = HostSettings()
        settings.bodySize = try ByteSize("8m")
        settings.readTimeout = .milliseconds(1500)
        settings.allowFrom = [try AddressRange("10.0.0.0/8")]
        settings.hsts = .off
        settings.appRoot = try RequestPath("/a%25b")
        settings.basicAuth = .users(try VaultPath("secret/users"))
        var special = try host("*.example.com", of: "a")
        settings.tls = .vault
        special.settings = settings
        let split = Backend.split(
            [.init(weight: 1, backend: special.routes[0].backend), .init(weight: 2, backend: .unavailable)],
            by: try StickyKey("header:X-User"))
        let pods = Backend.pods(
            of: service, address: try DNSName("web.shop.svc.cluster.local"), port: try ServicePort(80))
        let affine = Backend.split(
            [.init(weight: 1, backend: pods), .init(weight: 2, backend: .unavailable)], by: .affinity)
        special.routes.append(
            Route(
                match: .exact(try RequestPath("/x")),
                backend: .blueGreen(plain: split, blue: affine, green: .unavailable)))
        let served = ServedHost.list(
            table(special, try host("", of: "b")), CertificateSet(byHost: [special.host: certificate]))
        #expect(try Dictionary(coded: served.coded) == served)
        #expect(try served.coded == Dictionary(coded: served.coded).coded)
        let damaged = String(decoding: try served.coded, as: UTF8.self).replacing("*.example.com", with: "a;b")
        #expect(throws: (any Error).self) { try [Routing.Host: ServedHost](coded: Array(damaged.utf8)) }
    }
}
