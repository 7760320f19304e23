internal import KubernetesAPI

/// The maximum numbers of rules and paths that are read from one Ingress. An object of the API server, 1.5 MB, has room
/// for ten times as many.
struct SizeLimit {
    /// Each can be a server.
    static let maximumRules = 1000
    /// Each is up to two locations of some 8 KB of memory.
    static let maximumPaths = 2000

    /// The number of paths that are read of each rule.
    let pathsRead: [Int]
    /// The rejections of the first rule and the first path that are not read.
    let rejections: [FieldRejection]

    init(_ rules: [Ingress.Rule]) {
        var rejections: [FieldRejection] = []
        if rules.count > Self.maximumRules {
            rejections.append(
                FieldRejection(
                    field: "spec.rules[\(Self.maximumRules)]", value: rules[Self.maximumRules].host,
                    explanation:
                        "expected at most \(Self.maximumRules) rules, found \(rules.count); this rule and all after it are rejected"
                ))
        }
        var pathsRead: [Int] = []
        var left = Self.maximumPaths
        var isCut = false
        for (index, rule) in rules.prefix(Self.maximumRules).enumerated() {
            let read = min(rule.paths.count, left)
            pathsRead.append(read)
            left -= read
            if read < rule.paths.count, !isCut {
                isCut = true
                rejections.append(
                    FieldRejection(
                        field: "spec.rules[\(index)].http.paths[\(read)].path", value: rule.paths[read].path ?? "",
                        explanation:
                            "expected at most \(Self.maximumPaths) paths; this path and all after it are rejected"))
            }
        }
        self.pathsRead = pathsRead
        self.rejections = rejections
    }
}
