/// A host that an Ingress may claim: an exact name, a wildcard for one label, or the catch-all for every other name.
///
/// Source of the rules: RFC 1123 §2.1 for names, the Ingress documentation ("Hostname wildcards") for wildcards.
public enum Host: Sendable, Hashable {
    /// Lowercase labels joined by dots, at most 253 characters.
    case exact(String)
    /// `*.parent`, without the asterisk: `example.com` for `*.example.com`.
    case wildcard(parent: String)
    /// The empty host of a rule.
    case catchAll

    /// - Throws: `InvalidValue` with the rule that is broken.
    public init(_ text: String) throws(InvalidValue) {
        if text.isEmpty {
            self = .catchAll
        } else if text.hasPrefix("*.") {
            let name = try DNSName(String(text.dropFirst(2)))
            self = .wildcard(parent: name.text)
        } else {
            self = .exact(try DNSName(text).text)
        }
    }

    /// The form in an Ingress: the name, `*.parent`, or the empty string.
    public var name: String {
        switch self {
        case .exact(let name): name
        case .wildcard(let parent): "*." + parent
        case .catchAll: ""
        }
    }
}

extension Host: Comparable, CustomStringConvertible {
    /// Exact names first, then wildcards, then the catch-all; by name within each.
    public static func < (left: Host, right: Host) -> Bool {
        (left.rank, left.name) < (right.rank, right.name)
    }

    /// The name, or `*` for the catch-all: the form of the audit log and the status page.
    public var description: String { self == .catchAll ? "*" : name }

    private var rank: Int {
        switch self {
        case .exact: 0
        case .wildcard: 1
        case .catchAll: 2
        }
    }
}

extension Host {
    /// The wildcard that matches this name: `*.example.com` for `a.example.com`.
    public var coveringWildcard: Host? {
        guard case .exact(let name) = self, let dot = name.firstIndex(of: ".") else { return nil }
        return .wildcard(parent: String(name[name.index(after: dot)...]))
    }
}
