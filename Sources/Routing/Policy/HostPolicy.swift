/// The operator's rules for claims: which namespaces may claim which domains.
///
/// The rule of the most specific domain decides: an exact name before `*.PARENT`, and that before `**.PARENT`, of which
/// the longest matches first. Without a rule, the default applies.
public struct HostPolicy: Sendable, Equatable {
    public enum Default: String, Sendable, CaseIterable {
        case allow, deny
    }

    /// The namespaces that a rule allows.
    public enum Namespaces: Sendable, Equatable {
        case all
        case some(Set<String>)

        func contains(_ namespace: String) -> Bool {
            switch self {
            case .all: true
            case .some(let names): names.contains(namespace)
            }
        }
    }

    /// Why a claim violates the policy.
    struct Violation: Error, Equatable {
        /// The domain of the rule that decides; nil for the default.
        var domain: PolicyDomain?
    }

    public let defaultRule: Default
    public let rules: [PolicyDomain: Namespaces]
    /// The exact domains with a rule, by the wildcard that covers them.
    private let exactByWildcard: [Host: [Host]]

    public init(default defaultRule: Default, rules: [PolicyDomain: Namespaces] = [:]) {
        self.defaultRule = defaultRule
        self.rules = rules
        var covered: [Host: [Host]] = [:]
        for case .host(let host) in rules.keys {
            if let wildcard = host.coveringWildcard { covered[wildcard, default: []].append(host) }
        }
        exactByWildcard = covered.mapValues { $0.sorted() }
    }

    /// Checks a claim. A wildcard is allowed only with all the names that it covers: it receives their requests while
    /// no Ingress claims them exactly.
    ///
    /// - Returns: nil if the claim is allowed.
    func violation(of host: Host, by namespace: String) -> Violation? {
        let domain = host.policyDomains.first { rules[$0] != nil }
        let isAllowed = domain.flatMap { rules[$0] }.map { $0.contains(namespace) } ?? (defaultRule == .allow)
        guard isAllowed else { return Violation(domain: domain) }
        let forbidden = exactByWildcard[host]?.first { rules[.host($0)]?.contains(namespace) == false }
        return forbidden.map { Violation(domain: .host($0)) }
    }
}

/// The domain of a rule of the host policy.
public enum PolicyDomain: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// An exact name; `*.PARENT`, which covers the names with one more label and the wildcard itself; or the catch-all,
    /// written `*`.
    case host(Host)
    /// `**.PARENT`: all names below the parent, and wildcards of it and below it.
    case below(parent: String)

    /// - Throws: `InvalidValue` with the rule that is broken.
    public init(_ text: String) throws(InvalidValue) {
        do throws(InvalidValue) {
            if text == "*" {
                self = .host(.catchAll)
            } else if text.hasPrefix("**.") {
                self = .below(parent: try DNSName(String(text.dropFirst(3))).text)
            } else {
                guard !text.isEmpty else { throw InvalidValue(text, expected: "a domain, found nothing") }
                self = .host(try Host(text))
            }
        } catch {
            throw InvalidValue(
                text,
                expected: "a domain such as example.com, *.example.com, **.example.com, or * for the catch-all host: "
                    + error.expected)
        }
    }

    public var description: String {
        switch self {
        case .host(let host): host.description
        case .below(let parent): "**." + parent
        }
    }

    public static func < (left: PolicyDomain, right: PolicyDomain) -> Bool { left.description < right.description }
}

extension Host {
    /// The domains that cover the host, the most specific first.
    fileprivate var policyDomains: [PolicyDomain] {
        let parents: Substring
        switch self {
        case .catchAll: return [.host(self)]
        case .exact(let name): parents = name.drop { $0 != "." }.dropFirst()
        case .wildcard(let parent): parents = parent[...]
        }
        var domains: [PolicyDomain] = [.host(self)]
        if let wildcard = coveringWildcard { domains.append(.host(wildcard)) }
        var rest = parents
        while !rest.isEmpty {
            domains.append(.below(parent: String(rest)))
            rest = rest.drop { $0 != "." }.dropFirst()
        }
        return domains
    }
}

extension HostPolicy.Violation {
    /// What the owner of the Ingress sees: the rule, not the namespaces that it allows.
    func explanation(namespace: String) -> String {
        let rule =
            domain.map { "the host policy has other namespaces for \($0)" } ?? "no rule of the host policy allows it"
        return
            "may not be claimed by namespace \(namespace): \(rule); use another host, or ask the operator of the cluster"
    }
}
