/// The routes of a host by path. The time of a lookup does not depend on the number of routes.
public struct RouteIndex: Sendable {
    private let byMatch: [PathMatch: Route]

    public init(_ routes: [Route]) {
        byMatch = Dictionary(routes.map { ($0.match, $0) }) { first, _ in first }
    }

    /// The route that a request for `path` takes: `Exact` before `Prefix`, then the longest prefix. Nil means 404.
    public func route(for path: RequestPath) -> Route? {
        if let exact = byMatch[.exact(path)] { return exact }
        var prefix: RequestPath? = path.withoutTrailingSlash
        while let candidate = prefix {
            if let route = byMatch[.prefix(candidate)] { return route }
            prefix = candidate.parent
        }
        return nil
    }
}
