internal import KubernetesAPI

/// Reads the annotations of one Ingress, each by itself: what one says wrong harms no other.
struct AnnotationReader {
    private(set) var rejections: [FieldRejection] = []
    private let annotations: [String: String]
    private let namespace: String
    private let basicAuthPrefix: VaultPathPrefix

    init(_ metadata: ObjectMeta, basicAuthPrefix: VaultPathPrefix) {
        annotations = metadata.annotations
        namespace = metadata.namespace
        self.basicAuthPrefix = basicAuthPrefix
        for name in annotations.keys.sorted() where name.hasPrefix(Annotation.prefix) {
            guard Annotation(rawValue: String(name.dropFirst(Annotation.prefix.count))) == nil else { continue }
            let known = Annotation.allCases.map(\.rawValue).joined(separator: ", ")
            rejections.append(
                FieldRejection(
                    field: "metadata.annotations[\(name)]", value: annotations[name] ?? "",
                    explanation: "expected one of \(known)"))
        }
    }

    func isPresent(_ annotation: Annotation) -> Bool { annotations[annotation.name] != nil }

    mutating func reject(_ annotation: Annotation, _ explanation: String) {
        rejections.append(
            FieldRejection(
                field: "metadata.annotations[\(annotation.name)]", value: annotations[annotation.name] ?? "",
                explanation: explanation))
    }

    /// Nil where the annotation is absent, or refused.
    mutating func read<Value>(
        _ annotation: Annotation, _ parse: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        guard let text = annotations[annotation.name] else { return nil }
        do {
            return try parse(text.trimmed)
        } catch {
            reject(annotation, "expected \(error.expected)")
            return nil
        }
    }

    mutating func settings() -> HostSettings {
        var settings = HostSettings()
        settings.bodySize = read(.bodySize, ByteSize.init)
        settings.connectTimeout = read(.connectTimeout) { text throws(InvalidValue) in
            try Duration(timeout: text, in: .milliseconds(10) ... .seconds(75))
        }
        settings.readTimeout = read(.readTimeout, Self.transferTimeout)
        settings.sendTimeout = read(.sendTimeout, Self.transferTimeout)
        settings.buffering = read(.buffering) { text throws(InvalidValue) in
            try oneOf(["on": true, "off": false], text)
        }
        settings.allowFrom = allowFrom()
        settings.rateLimit = read(.rateLimit, RequestRate.init)
        settings.hsts = read(.hsts, StrictTransport.init)
        settings.redirect = read(.redirectToHTTPS) { text throws(InvalidValue) in
            try oneOf(["301": HTTPSRedirect.movedPermanently, "308": .permanentRedirect], text)
        }
        settings.backendProtocol =
            read(.backendProtocol) { text throws(InvalidValue) in
                try oneOf(Dictionary(uniqueKeysWithValues: BackendProtocol.allCases.map { ($0.rawValue, $0) }), text)
            } ?? .http
        settings.appRoot = read(.appRoot) { text throws(InvalidValue) in
            let path = try RequestPath(text)
            guard path != .root else { throw InvalidValue(text, expected: "another path than '/'") }
            return path
        }
        settings.rewritePrefix = read(.rewritePrefix) { text throws(InvalidValue) in
            try RequestPath(text).withoutTrailingSlash
        }
        if isPresent(.basicAuth) {
            settings.basicAuth = read(.basicAuth, htpasswd).map { .users($0) } ?? .nobody
        }
        settings.affinity = read(.affinity) { text throws(InvalidValue) in try oneOf(["cookie": true], text) } ?? false
        return settings
    }

    mutating func split() -> Split? { read(.split, Split.init) }

    mutating func splitKey() -> StickyKey? {
        let key = read(.splitBy, StickyKey.init)
        if key != nil, !isPresent(.split) { reject(.splitBy, "expected \(Annotation.split.name) beside it") }
        return key
    }

    /// The controller may read what this Ingress may not use: another team's users, or no users at all.
    private func htpasswd(_ text: String) throws(InvalidValue) -> VaultPath {
        let path = try VaultPath(text)
        guard basicAuthPrefix.covers(path, namespace: namespace) else {
            throw InvalidValue(text, expected: "a path below \(basicAuthPrefix.text(namespace: namespace))/")
        }
        return path
    }

    /// A list with a bad element lets in fewer, never more.
    private mutating func allowFrom() -> [AddressRange]? {
        guard let text = annotations[Annotation.allowFrom.name] else { return nil }
        var ranges: Set<AddressRange> = []
        let elements = text.split(separator: ",", omittingEmptySubsequences: false)
        for element in elements.prefix(Self.maximumRanges) {
            do {
                ranges.insert(try AddressRange(String(element).trimmed))
            } catch {
                reject(.allowFrom, "\(quoted(error.value)) is left out, expected \(error.expected)")
            }
        }
        if elements.count > Self.maximumRanges {
            reject(
                .allowFrom,
                "expected at most \(Self.maximumRanges) ranges; the \(elements.count - Self.maximumRanges) after them are left out"
            )
        }
        return ranges.sorted()
    }

    /// Each is compared with every client, and written once for every host.
    private static let maximumRanges = 256

    private static func transferTimeout(_ text: String) throws(InvalidValue) -> Duration {
        try Duration(timeout: text, in: .milliseconds(10) ... .seconds(86400))
    }
}

/// The value that stands for one of a few words.
private func oneOf<Value>(_ values: [String: Value], _ text: String) throws(InvalidValue) -> Value {
    guard let value = values[text] else {
        throw InvalidValue(text, expected: values.keys.sorted().joined(separator: " or "))
    }
    return value
}

extension String {
    /// Without blanks around it.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
