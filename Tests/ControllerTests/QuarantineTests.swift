import Basics
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
            source: .vault("secret/ssl/a"), version: KVVersion(number: 1, created: "t"))
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

    private func table(_ hosts: VirtualHost...) -> Configuration { Configuration(table: RoutingTable(hosts: hosts)) }

    @Test("the plan is what is wanted, and names what changes by owner")
    func changes() throws {
        var quarantine = Quarantine()
        let old = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b"))
        let new = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b", path: "/new"))
        let plan = quarantine.plan(new, live: old)
        #expect(plan.configuration == new)
        #expect(plan.changed == [owner("b"): [try Host("b.example.com")]])
    }

    @Test("a new certificate is a change of its host")
    func certificateChange() throws {
        var quarantine = Quarantine()
        let old = try table(host("a.example.com", of: "a"))
        var new = old
        new.certificates.byHost[try Host("a.example.com")] = certificate
        #expect(quarantine.plan(new, live: old).changed == [owner("a"): [try Host("a.example.com")]])
    }

    @Test("a quarantined owner is served as before, certificate included, until it changes")
    func holding() throws {
        var quarantine = Quarantine()
        var good = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b"))
        good.certificates.byHost[try Host("a.example.com")] = certificate
        let bad = try table(host("a.example.com", of: "a", path: "/("), host("b.example.com", of: "b"))
        quarantine.add([owner("a"): "nginx says no"], wanted: bad)
        let plan = quarantine.plan(bad, live: good)
        #expect(plan.configuration.table == good.table)
        #expect(plan.configuration.certificates == good.certificates)
        let problem = "nginx says no; its hosts are served in their last good state, or answer 503 if there is none"
        #expect(plan.configuration.quarantined == [owner("a"): problem])
        #expect(plan.changed.isEmpty)
        #expect(quarantine.problems == [owner("a"): problem])

        let repaired = try table(host("a.example.com", of: "a", path: "/new"), host("b.example.com", of: "b"))
        #expect(quarantine.plan(repaired, live: good).configuration == repaired)
        #expect(quarantine.problems.isEmpty)
    }

    private func pods(path: String = "/", _ pod: String) throws -> (backend: Backend, configuration: Configuration) {
        let pods = Backend.pods(
            of: service, address: try DNSName("web.shop.svc.cluster.local"), port: try ServicePort(80))
        var host = try host("a.example.com", of: "a", path: path)
        host.routes[0].backend = pods
        var configuration = table(host, try self.host("b.example.com", of: "b"))
        configuration.table.pods = [
            pods: [AddressAndPort(address: try IPAddress(pod), port: try ServicePort(8080))]
        ]
        return (pods, configuration)
    }

    @Test("a quarantined owner is served with the current pods")
    func heldWithPods() throws {
        var quarantine = Quarantine()
        let good = try pods(path: "/good", "10.0.0.1").configuration
        quarantine.add([owner("a"): "no"], wanted: try pods(path: "/(", "10.0.0.1").configuration)
        let plan = quarantine.plan(try pods(path: "/(", "10.0.0.2").configuration, live: good)
        #expect(plan.configuration.table == (try pods(path: "/good", "10.0.0.2").configuration.table))
    }

    @Test("rejected pods are not served until they change; nothing is, if the rest is rejected too")
    func badPods() throws {
        var quarantine = Quarantine()
        let byName = try table(host("a.example.com", of: "a"), host("b.example.com", of: "b"))
        let (good, bad) = (try pods("10.0.0.1").configuration, try pods("10.0.0.2").configuration)
        #expect(quarantine.plan(bad, live: good).changed == [owner("a"): [try Host("a.example.com")]])
        quarantine.add([owner("a"): "no"], wanted: bad)
        let first = quarantine.plan(bad, live: good)
        #expect(first.configuration.table == bad.table)
        #expect(first.quarantinedHosts == [owner("a"): [try Host("a.example.com")]])
        quarantine.add([owner("a"): "no"], wanted: bad)
        #expect(quarantine.plan(bad, live: good).configuration.table.hosts == byName.table.hosts)
        quarantine.add([owner("a"): "no"], wanted: bad)
        let last = quarantine.plan(bad, live: good)
        #expect(last.configuration.table.hosts == [byName.table.hosts[1]])
        #expect(last.quarantinedHosts.isEmpty && last.changed.isEmpty)
        #expect(
            quarantine.problems == [
                owner("a"): "no; its hosts are not served, because nginx rejects their last good state too"
            ])

        let other = try pods("10.0.0.3").configuration
        #expect(quarantine.plan(other, live: good).configuration == other)
        #expect(quarantine.problems.isEmpty)
    }

    @Test("an owner that was never served, or takes a host over, gets 503 there", arguments: [true, false])
    func nothingGood(isInherited: Bool) throws {
        var quarantine = Quarantine()
        let before = isInherited ? try table(host("a.example.com", of: "old")) : nil
        let bad = try table(host("a.example.com", of: "new", path: "/("))
        quarantine.add([owner("new"): "no"], wanted: bad)
        let served = try #require(quarantine.plan(bad, live: before).configuration.table.hosts.first)
        #expect(served.owner == owner("new"))
        #expect(served.routes == [Route(match: .prefix(.root), backend: .unavailable)])
    }

    @Test("changes of access control take effect in quarantine too")
    func accessControl() throws {
        var good = try host("a.example.com", of: "a")
        good.settings.basicAuth = .users(try VaultPath("secret/old"))
        var quarantine = Quarantine()
        var bad = try host("a.example.com", of: "a", path: "/(")
        bad.settings.basicAuth = .nobody
        bad.settings.allowFrom = [try AddressRange("10.0.0.0/8")]
        bad.settings.redirect = .httpsOnly
        quarantine.add([owner("a"): "no"], wanted: table(bad))
        let plan = quarantine.plan(table(bad), live: table(good))
        good.settings = bad.settings
        #expect(plan.configuration.table == table(good).table)
    }

    @Test("a deleted Ingress is no longer quarantined")
    func gone() throws {
        var quarantine = Quarantine()
        let bad = try table(host("a.example.com", of: "a", path: "/("))
        quarantine.add([owner("a"): "no"], wanted: bad)
        #expect(quarantine.plan(Configuration(), live: nil).configuration == Configuration())
        #expect(quarantine.problems.isEmpty)
    }

    @Test("secrets of an owner that is not served at all are not part of what is served")
    func unusedSecrets() throws {
        var locked = try host("a.example.com", of: "a")
        locked.settings.basicAuth = .users(try VaultPath("secret/users"))
        var bad = table(locked)
        bad.certificates.byHost[locked.host] = certificate
        bad.htpasswdFiles = [HtpasswdFile(path: try VaultPath("secret/users"))]
        var quarantine = Quarantine()
        for _ in 1...3 { quarantine.add([owner("a"): "no"], wanted: bad) }
        let plan = quarantine.plan(bad, live: nil).configuration
        #expect(plan.table.hosts.isEmpty && plan.certificates == CertificateSet() && plan.htpasswdFiles.isEmpty)
    }
}
