internal import KubernetesAPI

/// Reads one Ingress: what it claims, and the routes of a claim. Collects what it refuses on the way.
struct IngressReader {
    /// One host that the Ingress names, with all its rules for it.
    struct Claim {
        var host: Host
        /// Where the host is named first.
        var field: String
        /// Indexes into `spec.rules`; none for the catch-all of an Ingress that has only a default backend.
        var rules: [Int]
    }

    private var told: [Rejection] = []
    private var problems = 0
    var settings = HostSettings()
    let ingress: Ingress
    let services: ServiceLookup
    let options: RoutingOptions
    /// The Services whose pods have to be known.
    var endpointsWanted: Set<ObjectKey> = []
    var pods: [Backend: [AddressAndPort]] = [:]
    var secrets: [Host: ObjectName] = [:]
    var split: Split?
    var isBlueGreen = false
    private var defaultBackend: Backend?
    /// How many paths of each rule are read.
    var pathsRead: [Int] = []
    /// What its configuration takes up, about.
    var bytes = 0
    var isFull = false
    var counted: Set<Backend> = []

    init(ingress: Ingress, services: ServiceLookup, options: RoutingOptions) {
        self.ingress = ingress
        self.services = services
        self.options = options
        readLabels()
        readSecrets()
        checkTLS()
        checkSize()
        defaultBackend = ingress.spec.defaultBackend.map { backend($0, "spec.defaultBackend") }
        if let split, ingress.backends.allSatisfy({ !split.isAbout($0) }) {
            reject(
                "metadata.annotations[\(Annotation.split.name)]", split.description, .invalidRule,
                "expected a Service that a path names")
        }
    }

    mutating func reject(_ field: String, _ value: String, _ reason: Rejection.Reason, _ explanation: String) {
        reject(Rejection(source: ingress.ref, field: field, value: value, reason: reason, explanation: explanation))
    }

    /// Conflicts are all kept: there is at most one for each host.
    mutating func reject(_ rejection: Rejection) {
        if case .hostConflict = rejection.reason { return told.append(rejection) }
        let rejection = rejection.short
        guard !told.contains(rejection) else { return }
        problems += 1
        if problems <= Self.maximumRejections { told.append(rejection) }
    }

    /// In the order in which they were found.
    var rejections: [Rejection] {
        guard problems > Self.maximumRejections else { return told }
        return told + [
            Rejection(
                source: ingress.ref, field: "spec", value: "", reason: .invalidRule,
                explanation:
                    "has \(problems - Self.maximumRejections) more problems, which are told when the others are mended")
        ]
    }

    /// The hosts the Ingress names, in its own order, each once.
    mutating func claims() -> [Claim] {
        var claims: [Claim] = []
        var known: [Host: Int] = [:]
        for (index, rule) in ingress.spec.rules.prefix(Self.maximumRules).enumerated() {
            let field = "spec.rules[\(index)].host"
            do {
                let host = try Host(rule.host)
                if let claim = known[host] {
                    claims[claim].rules.append(index)
                } else if !hasRoom(forHost: field, rule.host) {
                    break
                } else {
                    known[host] = claims.count
                    claims.append(Claim(host: host, field: field, rules: [index]))
                }
            } catch {
                reject(field, error.value, .invalidRule, "expected \(error.expected)")
            }
        }
        if ingress.spec.rules.isEmpty {
            if defaultBackend == nil {
                reject("spec", "", .invalidRule, "expected rules or a defaultBackend")
            } else {
                claims.append(Claim(host: .catchAll, field: "spec.defaultBackend", rules: []))
            }
        }
        return claims
    }

    /// The routes of one claimed host, sorted; the default backend takes what they leave.
    mutating func routes(of claim: Claim) -> [Route] {
        var routes: [PathMatch: Backend] = [:]
        for rule in claim.rules {
            for (index, path) in ingress.spec.rules[rule].paths.prefix(pathsRead[rule]).enumerated() {
                let field = "spec.rules[\(rule)].http.paths[\(index)]"
                guard let match = match(path, field) else { continue }
                guard routes[match] == nil else {
                    reject(
                        field + ".path", path.path ?? "", .invalidRule,
                        "the same path and type stand above; those count")
                    continue
                }
                let backend = backend(path.backend, field + ".backend")
                guard hasRoom(for: match, backend, field) else { break }
                routes[match] = backend
            }
        }
        if defaultBackend == nil, let rule = claim.rules.first,
            claim.rules.allSatisfy({ ingress.spec.rules[$0].paths.isEmpty })
        {
            reject(
                "spec.rules[\(rule)].http", "", .invalidRule,
                "expected paths, or a defaultBackend beside the rules: every request gets 404")
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
                let text = path.path ?? ""
                return .prefix(try RequestPath(text.isEmpty ? "/" : text).withoutTrailingSlash)
            case let other:
                reject(field + ".pathType", other, .invalidRule, "expected Exact, Prefix or ImplementationSpecific")
            }
        } catch {
            reject(field + ".path", error.value, .invalidRule, "expected \(error.expected)")
        }
        return nil
    }

    private mutating func backend(_ backend: Ingress.Backend, _ field: String) -> Backend {
        var plain = if let split, split.isAbout(backend) { divided(backend, split, field) } else { one(backend, field) }
        if isBlueGreen, case .service(let name, let port) = backend {
            plain = .blueGreen(
                plain: plain, blue: one(.service(name: name + "-blue", port: port), field),
                green: one(.service(name: name + "-green", port: port), field))
        }
        return plain
    }

    /// A part whose Service is missing leaves its share to the others, which can serve it.
    private mutating func divided(_ backend: Ingress.Backend, _ split: Split, _ field: String) -> Backend {
        guard case .service(_, let port) = backend else { return .unavailable }
        let shares = split.weights.map { service, weight in
            Backend.Share(weight: weight, backend: one(.service(name: service, port: port), field))
        }.filter { $0.backend != .unavailable }
        return switch shares.count {
        case 0: .unavailable
        case 1: shares[0].backend
        default: .split(shares, by: split.key)
        }
    }

    private mutating func one(_ backend: Ingress.Backend, _ field: String) -> Backend {
        switch services.find(backend, namespace: ingress.metadata.namespace, byPods: settings.affinity) {
        case .success(let found):
            if settings.affinity { return withPods(found) }
            if let doubt = services.doubt(about: found) {
                reject(field + doubt.field, doubt.value, doubt.reason, doubt.explanation)
            }
            return found
        case .failure(let problem):
            reject(field + problem.field, problem.value, problem.reason, problem.explanation)
            return .unavailable
        }
    }
}
