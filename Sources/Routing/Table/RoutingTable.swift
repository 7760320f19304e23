internal import KubernetesAPI

/// Which host belongs to whom, and where its requests go. Says what a host needs, not how nginx is told.
public struct RoutingTable: Sendable, Equatable {
    /// Sorted by host; each host once.
    public var hosts: [VirtualHost]
    /// Of each backend that is `pods` those that are known, sorted. They stand beside the hosts because they come and go
    /// while what an Ingress asks for stays the same.
    public var pods: [Backend: [AddressAndPort]]

    public init(hosts: [VirtualHost] = [], pods: [Backend: [AddressAndPort]] = [:]) {
        self.hosts = hosts
        self.pods = pods
    }
}

/// One host with its owner and its paths.
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

public struct Route: Sendable, Equatable, Codable {
    public var match: PathMatch
    public var backend: Backend

    public init(match: PathMatch, backend: Backend) {
        self.match = match
        self.backend = backend
    }
}

/// How a request's path is compared with a rule's (Ingress documentation, "Path types").
public enum PathMatch: Sendable, Hashable, Comparable, Codable {
    case exact(RequestPath)
    /// Whole path elements; stored without a trailing slash, which does not count.
    case prefix(RequestPath)

    public var path: RequestPath {
        switch self {
        case .exact(let path), .prefix(let path): path
        }
    }

    /// The order of a host's routes: by path, so that of two prefixes that cover one path the longer comes later.
    public static func < (left: PathMatch, right: PathMatch) -> Bool {
        left.path == right.path ? !left.isPrefix && right.isPrefix : left.path < right.path
    }

    var isPrefix: Bool {
        if case .prefix = self { true } else { false }
    }
}
