import CCurl

/// A URL in libcurl's own reading, so that what we check is what it will use.
struct ParsedURL: ~Copyable {
    struct Malformed: Error {
        let reason: String
    }

    /// nil when there was no memory for it; libcurl's functions then refuse it.
    private let handle: OpaquePointer?

    init(_ url: String) throws(Malformed) {
        handle = curl_url()
        guard !url.utf8.contains(0) else { throw Malformed(reason: "contains a NUL byte") }
        let code = curl_url_set(handle, CURLUPART_URL, url, Self.asIs)
        guard code == CURLUE_OK else { throw Malformed(reason: String(cString: curl_url_strerror(code))) }
        let scheme = self.scheme
        guard scheme == "http" || scheme == "https" else {
            throw Malformed(reason: "expected http or https, found \(scheme)")
        }
    }

    deinit {
        curl_url_cleanup(handle)
    }

    var scheme: String { part(CURLUPART_SCHEME) ?? "" }
    /// An IPv6 address keeps its brackets.
    var host: String { part(CURLUPART_HOST) ?? "" }
    /// The scheme's own where the URL names none.
    var port: String { part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? "" }
    /// What a `Host` field says (RFC 9110 §7.2): the port only where it is not the scheme's own.
    var authority: String {
        guard let port = part(CURLUPART_PORT, UInt32(CURLU_NO_DEFAULT_PORT)) else { return host }
        return "\(host):\(port)"
    }
    var text: String { part(CURLUPART_URL, Self.asIs) ?? "" }

    mutating func setHost(_ name: String) throws(Malformed) {
        let code = curl_url_set(handle, CURLUPART_HOST, name, 0)
        guard code == CURLUE_OK else { throw Malformed(reason: String(cString: curl_url_strerror(code))) }
    }

    /// The URL without what may be secret: user information, query and fragment.
    consuming func redacted() -> String {
        for secret in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT] {
            curl_url_set(handle, secret, nil, 0)
        }
        return text
    }

    /// `..` in a path is the server's to resolve.
    private static var asIs: UInt32 { UInt32(CURLU_PATH_AS_IS) }

    private func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, flags) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }
}

extension ParsedURL {
    /// What may be shown of a URL that could not be read: nothing up to its last `@` and nothing after `?` or `#`,
    /// control characters replaced so that it stays one line.
    static func redacted(malformed url: String) -> String {
        let shown = url.prefix { $0 != "?" && $0 != "#" }
        let afterUser = shown.lastIndex(of: "@").map { shown[shown.index(after: $0)...] } ?? shown
        return String(String.UnicodeScalarView(afterUser.unicodeScalars.map { $0.value < 32 ? "?" : $0 }))
    }
}
