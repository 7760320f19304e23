internal import Routing

/// One `location` of nginx: exact, or a prefix that ends in `/` and so covers whole path elements only.
struct Location: Equatable {
    enum Action: Equatable {
        /// - Parameter path: replaces the path of the request: as a whole in an exact location, otherwise the part that
        ///   the location covers. Nil changes nothing.
        case pass(Backend, path: RequestPath?)
        case redirect(RequestPath)
        case notFound
    }

    var path: RequestPath
    var isExact: Bool
    var action: Action
}

extension VirtualHost {
    /// The locations that implement the path types, sorted by path, exact before prefix.
    ///
    /// A `Prefix` of `/foo` needs two: `= /foo` and `/foo/`. An `Exact` of `/foo/` needs `= /foo` as well, because
    /// nginx otherwise redirects `/foo` there (ngx_http_core_module, `location`: "if a location is defined by a prefix
    /// string that ends with the slash character"; the source does the same for exact ones).
    var locations: [Location] {
        var exact: Set<RequestPath> = []
        var prefixes: [RequestPath: Backend?] = [.root: nil]
        for route in routes {
            switch route.match {
            case .exact(let path): exact.insert(path)
            case .prefix(let path): prefixes.updateValue(route.backend, forKey: path.withTrailingSlash)
            }
        }
        exact.formUnion((Array(prefixes.keys) + exact).map(\.withoutTrailingSlash).filter { $0 != .root })
        if settings.appRoot != nil { exact.insert(.root) }
        let rewrite = settings.rewritePrefix
        let index = RouteIndex(routes)
        return
            (exact.map { Location(path: $0, isExact: true, action: action(for: $0, index)) }
            + prefixes.map { path, backend in
                Location(
                    path: path, isExact: false, action: backend.map { .pass($0, path: rewrite) } ?? .notFound)
            })
            .sorted { ($0.path, $0.isExact ? 0 : 1) < ($1.path, $1.isExact ? 0 : 1) }
    }

    private func action(for path: RequestPath, _ index: RouteIndex) -> Location.Action {
        if path == .root, let appRoot = settings.appRoot { return .redirect(appRoot) }
        guard let route = index.route(for: path) else { return .notFound }
        let rewritten = settings.rewritePrefix.map { replacement in
            switch route.match {
            case .exact: replacement
            case .prefix(let prefix): path.replacing(prefix: prefix, with: replacement)
            }
        }
        return .pass(route.backend, path: rewritten)
    }
}
