internal import Routing

/// One `location` of nginx: an exact one, or a prefix that ends in `/` and so covers whole path elements only.
struct Location: Equatable {
    var path: RequestPath
    var isExact: Bool
    /// Nil answers 404.
    var backend: Backend?
}

extension HostRoutes {
    /// The locations that make nginx behave as the path types say, sorted by path, exact before prefix.
    ///
    /// A `Prefix` of `/foo` needs two: `= /foo` and `/foo/`. An `Exact` of `/foo/` needs `= /foo` as well, because
    /// nginx otherwise redirects `/foo` there (ngx_http_core_module, `location`: "if a location is defined by a prefix
    /// string that ends with the slash character"; the source does the same for exact ones).
    var locations: [Location] {
        var exact: [RequestPath: Backend?] = [:]
        var prefix: [RequestPath: Backend?] = [.root: nil]
        for route in routes {
            switch route.match {
            case .exact(let path):
                exact[path] = route.backend
            case .prefix(let path):
                prefix.updateValue(route.backend, forKey: path.withTrailingSlash)
            }
        }
        for path in prefix.keys.map(\.withoutTrailingSlash) + exact.keys.map(\.withoutTrailingSlash)
        where exact[path] == nil && path != .root {
            exact.updateValue(backend(for: path), forKey: path)
        }
        return
            (exact.map { Location(path: $0.key, isExact: true, backend: $0.value) }
            + prefix.map { Location(path: $0.key, isExact: false, backend: $0.value) })
            .sorted { ($0.path, $0.isExact ? 0 : 1) < ($1.path, $1.isExact ? 0 : 1) }
    }
}
