internal import KubernetesAPI

/// The hosts with their owners, settings and routes. Independent of nginx.
public struct RoutingTable: Sendable, Equatable {
    /// Sorted by host; each host once.
    public var hosts: [VirtualHost]
    /// The known pods of each `Backend.pods` and `Backend.endpoints`, sorted. They are not part of the hosts, because pods change without a
    /// change of an Ingress.
    public var pods: [Backend: [AddressAndPort]]
    /// Hosts with an owner that exceeds a budget, or is too large for a test by nginx, sorted. They answer 503, so that no wildcard or catch-all of another
    /// owner gets their requests.
    public var unserved: [Host]

    public init(hosts: [VirtualHost] = [], pods: [Backend: [AddressAndPort]] = [:], unserved: [Host] = []) {
        self.hosts = hosts
        self.pods = pods
        self.unserved = unserved
    }
}

/// One host with its owner, settings and routes.
public struct VirtualHost: Sendable, Equatable, Codable {
    public var host: Host
    /// The oldest Ingress that names the host.
    public var owner: OwnerRef
    /// Sorted by path, `Exact` before `Prefix`; no two with the same match.
    public var routes: [Route]
    public var settings: HostSettings

    public init(host: Host, owner: OwnerRef, routes: [Route], settings: HostSettings = HostSettings()) {
        self.host = host
        self.owner = owner
        self.routes = routes
        self.settings = settings
    }
}

/// The backend of the requests that match.
public struct Route: Sendable, Equatable, Codable {
    public var match: PathMatch
    public var backend: Backend

    public init(match: PathMatch, backend: Backend) {
        self.match = match
        self.backend = backend
    }
}

/// The comparison of a request's path with that of a rule (Ingress documentation, "Path types").
public enum PathMatch: Sendable, Hashable, Comparable, Codable {
    case exact(RequestPath)
    /// Matches whole path elements; stored without a trailing slash, which is ignored.
    case prefix(RequestPath)

    public var path: RequestPath {
        switch self {
        case .exact(let path), .prefix(let path): path
        }
    }

    /// By path, so that the longer of two prefixes of one path comes later; `Exact` before `Prefix`.
    public static func < (left: PathMatch, right: PathMatch) -> Bool {
        left.path == right.path ? !left.isPrefix && right.isPrefix : left.path < right.path
    }

    var isPrefix: Bool {
        if case .prefix = self { true } else { false }
    }
}
