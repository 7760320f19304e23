import NginxConfig
import Routing
import Testing

@Suite("Takeovers of hosts")
struct HostTakeoverTests {
    private func configuration(_ owners: [String: String]) throws -> Configuration {
        let hosts = try owners.map { host, owner in
            VirtualHost(host: try Host(host), owner: try self.owner(owner), routes: [])
        }
        return Configuration(table: RoutingTable(hosts: hosts.sorted { $0.host < $1.host }))
    }

    private func owner(_ text: String) throws -> OwnerRef {
        let parts = text.split(separator: "/").map(String.init)
        return OwnerRef(kind: .ingress, namespace: parts[0], name: parts[1])
    }

    @Test(
        "a change of owner is one, also within a namespace; a new, removed or unchanged host is not",
        arguments: [
            (["a.test": "evil/old"], ["a.test: bank/web -> evil/old"]),
            (["a.test": "bank/other"], ["a.test: bank/web -> bank/other"]),
            (["a.test": "bank/web"], []), ([:], []), (["a.test": "bank/web", "b.test": "evil/old"], []),
        ] as [([String: String], [String])])
    func owners(new: [String: String], expected: [String]) throws {
        let found = HostTakeover.list(from: try configuration(["a.test": "bank/web"]), to: try configuration(new))
        #expect(found.map { "\($0.host): \($0.from) -> \($0.to)" } == expected)
        #expect(HostTakeover.list(from: nil, to: try configuration(new)).isEmpty)
    }

    @Test(
        "a new exact host below another namespace's wildcard is one; deeper names, the own namespace and old hosts are not",
        arguments: [
            (["login.team.test": "evil/old"], ["login.team.test: bank/web -> evil/old, *.team.test"]),
            (["login.team.test": "bank/other"], []), (["a.b.team.test": "evil/old"], []),
            (["team.test": "evil/old"], []),
            (["www.team.test": "evil/old"], []),
        ] as [([String: String], [String])])
    func wildcards(added: [String: String], expected: [String]) throws {
        let base = ["*.team.test": "bank/web", "www.team.test": "evil/old", "": "bank/web"]
        let new = try configuration(base.merging(added) { $1 })
        let found = HostTakeover.list(from: try configuration(base), to: new)
        #expect(found.map { "\($0.host): \($0.from) -> \($0.to), \($0.wildcard.map(\.name) ?? "")" } == expected)
    }
}
