import KubernetesAPI
import Routing
import Testing

@Suite("Budgets of the installation and of each namespace")
struct BudgetTests {
    private static let unlimited = BudgetAmounts(
        hosts: 1_000_000, paths: 1_000_000, pods: 1_000_000, configurationSize: 1 << 40)

    private static func limits(_ budget: Budget, total: Int = 1_000_000, namespace: Int = 1_000_000) -> BudgetLimits {
        func amounts(_ limit: Int) -> BudgetAmounts {
            var amounts = unlimited
            switch budget {
            case .hosts: amounts.hosts = limit
            case .paths: amounts.paths = limit
            case .pods: amounts.pods = limit
            case .configurationSize: amounts.configurationSize = limit
            }
            return amounts
        }
        return BudgetLimits(total: amounts(total), namespace: amounts(namespace))
    }

    private static func options(_ limits: BudgetLimits) throws -> RoutingOptions {
        RoutingOptions(
            ingressClass: "vault-ingress", requireIngressClass: false, clusterDomain: try DNSName("cluster.local"),
            budgets: limits)
    }

    /// An Ingress with hosts of its own.
    private static func ingress(
        _ name: String, _ namespace: String, created: Double, hosts: Int, annotations: [String: String] = [:]
    ) -> Ingress {
        RoutingTests.ingress(
            name, created: created, namespace: namespace, annotations: annotations,
            (0..<hosts).map { rule("h\($0).\(name).\(namespace).example.com") })
    }

    private static func route(_ ingresses: [Ingress], _ limits: BudgetLimits) throws -> Router.Result {
        let namespaces = Set(ingresses.map(\.metadata.namespace)).sorted()
        return try RoutingTests.route(
            ingresses, services: namespaces.map { service("web", namespace: $0) }, options: options(limits))
    }

    /// The names of the Ingresses that are served.
    private static func served(_ result: Router.Result) -> Set<String> { Set(result.owners.values) }

    @Test("the largest namespace is cut first, and in it the youngest Ingress")
    func largest() throws {
        let ingresses = [
            Self.ingress("old", "big", created: 1, hosts: 3), Self.ingress("middle", "big", created: 3, hosts: 3),
            Self.ingress("young", "big", created: 5, hosts: 3), Self.ingress("a", "small", created: 9, hosts: 4),
        ]
        #expect(
            Self.served(try Self.route(ingresses, Self.limits(.hosts, total: 12))) == [
                "big/old", "big/middle", "small/a",
            ])
        #expect(Self.served(try Self.route(ingresses, Self.limits(.hosts, total: 9))) == ["big/old", "small/a"])
        // Below its share of a half, the youngest Ingress of all stays.
        #expect(Self.served(try Self.route(ingresses, Self.limits(.hosts, total: 8))) == ["big/old", "small/a"])
    }

    @Test("the limit of a namespace rejects its youngest Ingresses and affects no other namespace")
    func namespace() throws {
        let result = try Self.route(
            [
                Self.ingress("a", "big", created: 1, hosts: 2), Self.ingress("b", "big", created: 2, hosts: 2),
                Self.ingress("c", "big", created: 3, hosts: 2), Self.ingress("a", "small", created: 4, hosts: 4),
            ], Self.limits(.hosts, namespace: 5))
        #expect(Self.served(result) == ["big/a", "big/b", "small/a"])
        #expect(
            result.rejections.map(\.description) == [
                "Ingress big/c: spec \"\": expected to fit in the budget of 5 hosts of namespace big "
                    + "(--max-namespace-hosts), found 2 hosts beside 4 that are used; no host of this Ingress is served"
            ])
    }

    @Test("an Ingress that no budget can hold takes no place from others")
    func tooLarge() throws {
        let result = try Self.route(
            [
                Self.ingress("huge", "big", created: 1, hosts: 11), Self.ingress("ok", "big", created: 2, hosts: 10),
            ], Self.limits(.hosts, total: 10))
        #expect(Self.served(result) == ["big/ok"])
        #expect(result.budgets.rejectedIngresses == 1)
    }

    @Test("a rejected Ingress keeps its hosts, which are listed to answer 503")
    func ownership() throws {
        let result = try RoutingTests.route(
            [
                RoutingTests.ingress("kept", created: 1, [rule("a.example.com")]),
                RoutingTests.ingress("rejected", created: 2, [rule("b.example.com"), rule("*.example.com"), rule("")]),
                RoutingTests.ingress(
                    "thief", created: 3, namespace: "evil", [rule("b.example.com"), rule("c.example.com")]),
            ], services: [service("web"), service("web", namespace: "evil")],
            options: Self.options(Self.limits(.hosts, namespace: 2)))
        #expect(result.owners == ["a.example.com": "shop/kept", "c.example.com": "evil/thief"])
        #expect(result.table.unserved.map(\.name) == ["b.example.com", "*.example.com"])
        let conflict = try #require(result.rejections.first { $0.source.name == "thief" })
        #expect(
            conflict.reason
                == .hostConflict(owner: OwnerRef(kind: .ingress, namespace: "shop", name: "rejected")))
    }

    @Test(
        "each budget rejects with its name, its limit and its flag",
        arguments: [Budget.hosts, .paths, .configurationSize])
    func reasons(budget: Budget) throws {
        let ingresses = [
            Self.ingress("a", "one", created: 1, hosts: 2), Self.ingress("b", "one", created: 2, hosts: 2),
        ]
        let needed = try Self.route(ingresses, Self.limits(.hosts)).budgets.total.found[budget]
        for (limits, flag) in [
            (Self.limits(budget, total: needed - 1), budget.flags.total),
            (Self.limits(budget, namespace: needed - 1), budget.flags.namespace),
        ] {
            let rejection = try #require(try Self.route(ingresses, limits).rejections.first)
            guard case .quotaExceeded(let excess) = rejection.reason else {
                Issue.record("\(rejection)")
                continue
            }
            #expect(rejection.source.name == "b")
            #expect(excess.budget == budget && excess.limit == needed - 1 && excess.flag == "--\(flag)")
            #expect(excess.found == needed / 2 && excess.used == needed / 2)
            #expect(rejection.explanation.contains("(--\(flag))"))
        }
    }

    @Test(
        "the sum of what is served fits, what fits in a fair share is served, and the order of objects does not matter")
    func maxMin() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let namespaces = Int.random(in: 1...6, using: &random)
            var age = 0.0
            var ingresses: [Ingress] = []
            for number in 0..<Int.random(in: 1...25, using: &random) {
                age += 1
                ingresses.append(
                    Self.ingress(
                        "i\(number)", "n\(Int.random(in: 0..<namespaces, using: &random))", created: age,
                        hosts: Int.random(in: 1...5, using: &random)))
            }
            let limit = Int.random(in: 5...60, using: &random)
            let result = try Self.route(ingresses, Self.limits(.hosts, total: limit))
            let demand = Dictionary(grouping: ingresses, by: \.metadata.namespace)
                .mapValues { $0.reduce(0) { $0 + $1.spec.rules.count } }
            #expect(result.table.hosts.count <= limit)
            for (namespace, hosts) in demand where hosts <= limit / demand.count {
                #expect(result.budgets.namespaces[namespace]?.used.hosts == hosts)
            }
            let again = try Self.route(ingresses.shuffled(using: &random), Self.limits(.hosts, total: limit))
            #expect(again.table == result.table && again.rejections == result.rejections)
        }
    }

    @Test("six Ingresses with a thousand hosts each leave the other namespaces what they need")
    func many() throws {
        let ingresses =
            (0..<6).map { Self.ingress("many\($0)", "greedy", created: 1 + Double($0), hosts: 1000) }
            + (0..<20).map { Self.ingress("web", "team-\($0)", created: 100, hosts: 10) }
        let result = try Self.route(ingresses, .standard)
        let limit = BudgetLimits.standard
        #expect(result.table.hosts.count <= limit.total.hosts)
        #expect(result.table.hosts.count { $0.owner.namespace == "greedy" } <= limit.namespace.hosts)
        #expect((0..<20).allSatisfy { Self.served(result).contains("team-\($0)/web") })
        #expect(
            result.rejections.allSatisfy { $0.source.namespace == "greedy" && $0.condition.contains("--max-") })
        #expect(result.budgets.total.found.hosts == 6200)
    }

    @Test("at most ten thousand names and a hundred wildcards are listed to answer 503")
    func unserved() throws {
        let ingresses = (0..<11).map { Self.ingress("i\($0)", "a", created: Double($0), hosts: 1000) }
        let exact = try Self.route(ingresses, Self.limits(.hosts, total: 1))
        #expect(exact.table.unserved.count == 10_000)
        let wildcards = try Self.route(
            [RoutingTests.ingress("w", namespace: "a", (0..<200).map { rule("*.n\($0).example.com") })],
            Self.limits(.hosts, total: 1))
        #expect(wildcards.table.unserved.count == 100)
    }
}

@Suite("Budget of pods")
struct PodBudgetTests {
    private static let affinity = ["vault-ingress.io/affinity": "cookie"]

    private static func slice(_ service: String, pods: Int) -> EndpointSlice {
        EndpointSlice(
            metadata: ObjectMeta(
                name: service, namespace: "shop", labels: [EndpointSlice.serviceLabel: service]),
            addressType: "IPv4", ports: [.init(name: "http", port: 8080)],
            endpoints: (0..<pods).map {
                .init(
                    addresses: ["10.0.\($0 / 250).\($0 % 250 + 1)"], isReady: true, isServing: nil, isTerminating: false
                )
            })
    }

    private static func route(pods: Int, limit: Int) throws -> Router.Result {
        var limits = BudgetLimits.standard
        limits.namespace.pods = limit
        return try RoutingTests.route(
            [
                ingress("a", created: 1, annotations: affinity, [rule("a.example.com"), rule("b.example.com")]),
                ingress(
                    "b", created: 2, annotations: affinity,
                    [rule("c.example.com"), rule("d.example.com", path("/", to: "api"))]),
            ], services: [service("web"), service("api")],
            endpointSlices: [slice("web", pods: 10), slice("api", pods: pods)],
            options: RoutingOptions(
                ingressClass: "vault-ingress", requireIngressClass: false,
                clusterDomain: try DNSName("cluster.local"), budgets: limits))
    }

    @Test("the pods of a Service count once for all hosts and Ingresses with it")
    func shared() throws {
        let result = try Self.route(pods: 5, limit: 15)
        #expect(result.rejections.isEmpty)
        #expect(result.budgets.total.used.pods == 15)
    }

    @Test("a Service whose pods exceed the budget is served by its name: pods never take a host away")
    func byName() throws {
        let result = try Self.route(pods: 6, limit: 15)
        #expect(result.table.hosts.count == 4)
        #expect(try result.answer("d.example.com", "/") == "api.shop.svc.cluster.local:80 pods")
        #expect(try result.answer("a.example.com", "/")?.contains("10.0.0.10:8080") == true)
        #expect(result.budgets.rejectedIngresses == 0)
        #expect(
            result.rejections.map(\.description) == [
                "Ingress shop/b: metadata.annotations[vault-ingress.io/affinity] \"shop/api\": expected to fit in the "
                    + "budget of 15 pods of namespace shop (--max-namespace-pods), found 6 pods beside 10 that are used; "
                    + "the Service is served without affinity"
            ])
    }
}
