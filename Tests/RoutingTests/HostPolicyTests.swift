import KubernetesAPI
import Testing

@testable import Routing

@Suite("The host policy")
struct HostPolicyTests {
    private func policy(_ rules: [String: [String]], default defaultRule: HostPolicy.Default = .deny) throws
        -> HostPolicy
    {
        var parsed: [PolicyDomain: HostPolicy.Namespaces] = [:]
        for (domain, names) in rules {
            parsed[try PolicyDomain(domain)] = names.contains("*") ? .all : .some(Set(names))
        }
        return HostPolicy(default: defaultRule, rules: parsed)
    }

    private func allows(_ policy: HostPolicy, _ host: String, _ namespace: String) throws -> Bool {
        policy.violation(of: try Host(host), by: namespace) == nil
    }

    private static let rules = [
        "example.com": ["root"], "*.example.com": ["one"], "**.example.com": ["deep"], "www.example.com": ["www"],
        "**.team-a.example.com": ["team-a"], "*.b.example.com": ["b"], "open.test": ["*"], "closed.test": [],
    ]

    @Test(
        "the most specific domain decides: exact, then *., then the longest **.",
        arguments: [
            ("example.com", "root"), ("www.example.com", "www"), ("shop.example.com", "one"),
            ("team-a.example.com", "one"), ("x.y.example.com", "deep"), ("x.team-a.example.com", "team-a"),
            ("x.y.team-a.example.com", "team-a"), ("x.b.example.com", "b"), ("x.y.b.example.com", "deep"),
            ("*.team-a.example.com", "team-a"), ("*.x.team-a.example.com", "team-a"), ("*.b.example.com", "b"),
            ("*.y.example.com", "deep"),
        ])
    func precedence(host: String, namespace: String) throws {
        let policy = try policy(Self.rules)
        for other in ["root", "one", "deep", "www", "team-a", "b", "x"] {
            #expect(try allows(policy, host, other) == (other == namespace), "\(other)")
        }
    }

    @Test("* is every namespace, and an empty list is nobody")
    func extremes() throws {
        let policy = try policy(Self.rules, default: .allow)
        #expect(try allows(policy, "open.test", "anyone"))
        #expect(try !allows(policy, "closed.test", "anyone"))
    }

    @Test("the default applies to hosts without a rule; **.PARENT does not cover the parent, *.PARENT one label only")
    func defaults() throws {
        let rules = ["**.a.test": ["a"], "*.b.test": ["b"]]
        for (rule, isAllowed) in [(HostPolicy.Default.allow, true), (.deny, false)] {
            let policy = try policy(rules, default: rule)
            for host in ["a.test", "x.y.b.test", "b.test", "other.test", "*.test", ""] {
                #expect(try allows(policy, host, "x") == isAllowed, "\(host)")
            }
        }
    }

    @Test("a wildcard is allowed only with all the names that it covers")
    func wildcard() throws {
        let policy = try policy(["*.p.test": ["a", "b"], "x.p.test": ["b"], "x.y.p.test": ["c"]])
        #expect(try !allows(policy, "*.p.test", "a"), "x.p.test belongs to b")
        #expect(try allows(policy, "*.p.test", "b"))
        #expect(try allows(policy, "y.p.test", "a"))
    }

    @Test("the catch-all is claimed under the domain *, else under the default")
    func catchAll() throws {
        let policy = try policy(["*": ["edge"], "**.test": ["a"]], default: .allow)
        #expect(try allows(policy, "", "edge"))
        #expect(try !allows(policy, "", "a"))
    }

    @Test(
        "an invalid domain is rejected",
        arguments: ["", "*a.test", "a.*.test", "**", "**.", "*.", "a b", "***.a.test", "a.test."])
    func invalid(text: String) {
        #expect(throws: InvalidValue.self) { try PolicyDomain(text) }
    }

    @Test("case does not matter")
    func lowercase() throws {
        #expect(try PolicyDomain("**.Team-A.Example.com") == PolicyDomain("**.team-a.example.com"))
    }

    @Test(
        "a claim that violates the policy does not own the host, however old, and its rejection names only the domain")
    func routing() throws {
        let snapshot = Snapshot(
            ingresses: [
                ingress("old", created: 1, namespace: "evil", [rule("bank.example.com"), rule("evil.example.com")]),
                ingress("web", created: 2, namespace: "bank", [rule("bank.example.com")]),
            ], services: [service("web", namespace: "evil"), service("web", namespace: "bank")])
        let router = Router(
            options: RoutingOptions(
                ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local")))
        let policy = try policy(["bank.example.com": ["bank", "bank-staging"]], default: .allow)
        let result = router.route(snapshot, policy: policy)
        #expect(result.owners == ["bank.example.com": "bank/web", "evil.example.com": "evil/old"])
        let rejection = try #require(result.rejections.first)
        #expect(result.rejections.count == 1)
        #expect(rejection.reason == .hostNotAllowed)
        #expect(
            rejection.description
                == #"Ingress evil/old: spec.rules[0].host "bank.example.com": may not be claimed by namespace evil: "#
                + "the host policy has other namespaces for bank.example.com; use another host, or ask the operator of the cluster"
        )
        #expect(router.route(snapshot).owners["bank.example.com"] == "evil/old", "without a policy the oldest owns it")
        let denied = router.route(snapshot, policy: HostPolicy(default: .deny))
        #expect(denied.owners.isEmpty)
        #expect(denied.rejections[0].explanation.contains("no rule of the host policy allows it"))
    }
}
