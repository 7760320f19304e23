internal import Kubernetes

/// What one Ingress may ask of everybody's nginx. An object of the API server, 1.5 MB, has room for ten times as much.
extension IngressReader {
    /// A server each, where each names a host of its own.
    static let maximumRules = 1000
    /// Two locations each, some 8 KB of memory apiece.
    static let maximumPaths = 2000

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
