internal import KubernetesAPI

/// Reads one Ingress: the hosts that it claims, and the routes of a claim. Collects the rejections.
struct IngressReader {
    /// One host that the Ingress names, with all its rules for it.
    struct Claim: Sendable {
        var host: Host
        /// The field that names the host first.
        var field: String
        /// Indexes into `spec.rules`; none for the catch-all of an Ingress that has only a default backend.
        var rules: [Int]
    }

    private let ingress: Ingress
    private let settings: HostSettings
    private let secrets: [Host: ObjectName]
    private let pathsRead: [Int]
    private let backends: BackendReader
    private let defaultBackend: Backend?
    private var budget = SizeBudget()
    private(set) var rejections: RejectionList
    /// The backends whose pods are needed, served or not.
    private(set) var pods: Set<Backend> = []

    init(ingress: Ingress, services: ServiceLookup, options: RoutingOptions) {
        let settings = IngressSettings.read(ingress.metadata, options)
        let tls = TLSSecrets.read(ingress, settings.settings, options)
        let check = TLSCheck(
            ingress: ingress, settings: settings.settings.host, secrets: tls.secrets, options: options)
        let limit = SizeLimit(ingress.spec.rules)
        let backends = BackendReader(
            services: services, namespace: ingress.metadata.namespace, settings: settings.settings)
        let rest = ingress.spec.defaultBackend.map { backends.read($0, "spec.defaultBackend") }
        self.ingress = ingress
        self.settings = settings.settings.host
        secrets = tls.secrets
        pathsRead = limit.pathsRead
        self.backends = backends
        defaultBackend = rest?.backend
        pods = rest.map { $0.backend.pods.union($0.backend.endpoints) } ?? []
        rejections = RejectionList(
            source: ingress.ref,
            settings.rejections + tls.rejections + check.rejections + limit.rejections + (rest?.rejections ?? [])
                + (settings.settings.split?.rejections(in: ingress) ?? []))
    }

    mutating func reject(_ rejection: FieldRejection) { rejections.append(rejection) }

    /// The hosts that the Ingress names, in its own order, each once.
    mutating func claims() -> [Claim] {
        var claims: [Claim] = []
        var known: [Host: Int] = [:]
        for (index, rule) in ingress.spec.rules.prefix(SizeLimit.maximumRules).enumerated() {
            let field = "spec.rules[\(index)].host"
            do {
                let host = try Host(rule.host)
                if let claim = known[host] {
                    claims[claim].rules.append(index)
                } else if !fits(budget.take(rule.host, settings, field: field)) {
                    break
                } else {
                    known[host] = claims.count
                    claims.append(Claim(host: host, field: field, rules: [index]))
                }
            } catch {
                reject(field, error.value, "expected \(error.expected)")
            }
        }
        if ingress.spec.rules.isEmpty {
            if defaultBackend == nil {
                reject("spec", "", "expected rules or defaultBackend")
            } else {
                claims.append(Claim(host: .catchAll, field: "spec.defaultBackend", rules: []))
            }
        }
        return claims
    }

    /// The host of a claim that was granted.
    mutating func virtualHost(_ claim: Claim) -> VirtualHost {
        var settings = settings
        if let secret = secrets[claim.host] { settings.tls = .secret(secret) }
        return VirtualHost(host: claim.host, owner: ingress.ref, routes: routes(of: claim), settings: settings)
    }

    /// The routes of one claimed host, sorted. The default backend takes the requests that no rule matches.
    private mutating func routes(of claim: Claim) -> [Route] {
        var routes: [PathMatch: Backend] = [:]
        for rule in claim.rules {
            for (index, path) in ingress.spec.rules[rule].paths.prefix(pathsRead[rule]).enumerated() {
                let field = "spec.rules[\(rule)].http.paths[\(index)]"
                guard let match = match(path, field) else { continue }
                guard routes[match] == nil else {
                    reject(
                        field + ".path", path.path ?? "",
                        "expected each path and type only once per host; the first one applies")
                    continue
                }
                let (backend, rejections) = backends.read(path.backend, field + ".backend")
                pods.formUnion(backend.pods)
                pods.formUnion(backend.endpoints)
                self.rejections.append(contentsOf: rejections)
                guard fits(budget.take(match, backend, field: field)) else { break }
                routes[match] = backend
            }
        }
        if defaultBackend == nil, let rule = claim.rules.first,
            claim.rules.allSatisfy({ ingress.spec.rules[$0].paths.isEmpty })
        {
            reject(
                "spec.rules[\(rule)].http", "",
                "expected paths, or spec.defaultBackend; every request for the host gets 404")
        }
        if let defaultBackend, routes[.prefix(.root)] == nil {
            routes[.prefix(.root)] = defaultBackend
        }
        return routes.map { Route(match: $0.key, backend: $0.value) }.sorted { $0.match < $1.match }
    }

    private mutating func match(_ path: Ingress.Path, _ field: String) -> PathMatch? {
        do {
            switch path.pathType ?? "ImplementationSpecific" {
            case "Exact":
                return .exact(try RequestPath(path.path ?? ""))
            case "Prefix", "ImplementationSpecific":
                return try .prefix(of: path.path ?? "")
            case let other:
                reject(field + ".pathType", other, "expected Exact, Prefix or ImplementationSpecific")
            }
        } catch {
            reject(field + ".path", error.value, "expected \(error.expected)")
        }
        return nil
    }

    private mutating func fits(_ answer: SizeBudget.Answer) -> Bool {
        switch answer {
        case .fits: return true
        case .rejected(let rejection): reject(rejection)
        case .exhausted: break
        }
        return false
    }

    private mutating func reject(_ field: String, _ value: String, _ explanation: String) {
        reject(FieldRejection(field: field, value: value, explanation: explanation))
    }
}
