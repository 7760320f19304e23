internal import KubernetesAPI

/// What one Ingress may ask of everybody's nginx. An object of the API server, 1.5 MB, has room for ten times as much.
extension IngressReader {
    /// A server each, where each names a host of its own.
    static let maximumRules = 1000
    /// Two locations each, some 8 KB of memory apiece.
    static let maximumPaths = 2000
    /// Of nginx's configuration, for each generation that is kept; a thousand hosts with a path each are a third of it.
    static let maximumBytes = 4_000_000
    static let maximumRejections = 100

    /// - Returns: whether there is room for one more server; it is taken.
    mutating func hasRoom(forHost field: String, _ host: String) -> Bool {
        hasRoom(for: 1000 + 32 * (settings.allowFrom?.count ?? 0), field, host)
    }

    /// - Returns: whether there is room for one more path; it is taken.
    mutating func hasRoom(for match: PathMatch, _ backend: Backend, _ field: String) -> Bool {
        let choice = counted.insert(backend).inserted ? backend.bytes : 0
        return hasRoom(for: 450 + 2 * match.path.text.utf8.count + choice, field + ".path", match.path.text)
    }

    private mutating func hasRoom(for size: Int, _ field: String, _ value: String) -> Bool {
        if !isFull, bytes + size <= Self.maximumBytes {
            bytes += size
            return true
        }
        if !isFull {
            reject(
                field, value, .invalidRule,
                "expected an Ingress that takes up at most \(Self.maximumBytes) bytes in nginx's configuration; this and all after it are left out"
            )
        }
        isFull = true
        return false
    }

    /// What is too much is refused at once, not one by one.
    mutating func checkSize() {
        let rules = ingress.spec.rules
        if rules.count > Self.maximumRules {
            reject(
                "spec.rules[\(Self.maximumRules)]", rules[Self.maximumRules].host, .invalidRule,
                "expected at most \(Self.maximumRules) rules, found \(rules.count); this one and all after it are left out"
            )
        }
        var left = Self.maximumPaths
        var isCut = false
        for (index, rule) in rules.prefix(Self.maximumRules).enumerated() {
            let read = min(rule.paths.count, left)
            pathsRead.append(read)
            left -= read
            if read < rule.paths.count, !isCut {
                isCut = true
                reject(
                    "spec.rules[\(index)].http.paths[\(read)].path", rule.paths[read].path ?? "", .invalidRule,
                    "expected at most \(Self.maximumPaths) paths; this one and all after it are left out")
            }
        }
    }
}

extension Backend {
    /// What is written of it once, for all paths that lead there.
    fileprivate var bytes: Int {
        switch self {
        case .service(_, let address, _), .pods(_, let address, _): 40 + address.text.utf8.count
        case .unavailable: 0
        case .split(let shares, _): shares.reduce(200) { $0 + $1.backend.bytes }
        case .blueGreen(let plain, let blue, let green): 200 + plain.bytes + blue.bytes + green.bytes
        }
    }
}
