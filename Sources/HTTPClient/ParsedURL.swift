internal import Basics
import CCurl

/// A URL as libcurl parses it, so that checks and requests agree.
struct ParsedURL: ~Copyable {
    struct Malformed: Error {
        let reason: String
    }

    /// Nil if out of memory; libcurl's functions then return an error.
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
    /// An IPv6 address has brackets.
    var host: String { part(CURLUPART_HOST) ?? "" }
    /// The default port of the scheme if the URL has none.
    var port: String { part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? "" }
    /// The value of a `Host` field (RFC 9110 §7.2): without the default port.
    var authority: String {
        guard let port = part(CURLUPART_PORT, UInt32(CURLU_NO_DEFAULT_PORT)) else { return host }
        return "\(host):\(port)"
    }
    var text: String { part(CURLUPART_URL, Self.asIs) ?? "" }

    mutating func setHost(_ name: String) throws(Malformed) {
        let code = curl_url_set(handle, CURLUPART_HOST, name, 0)
        guard code == CURLUE_OK else { throw Malformed(reason: String(cString: curl_url_strerror(code))) }
    }

    /// The URL without the parts that may be secret: user information, query and fragment.
    consuming func redacted() -> String {
        for secret in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT] {
            curl_url_set(handle, secret, nil, 0)
        }
        return text
    }

    /// Keeps `..` in the path: the server resolves it.
    private static var asIs: UInt32 { UInt32(CURLU_PATH_AS_IS) }

    private func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, flags) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }
}

extension ParsedURL {
    /// The parts of an invalid URL that are not secret: without everything up to its last `@`, and after `?` or `#`.
    /// Control characters are replaced.
    static func redacted(malformed url: String) -> String {
        let shown = url.prefix { $0 != "?" && $0 != "#" }
        let afterUser = shown.lastIndex(of: "@").map { shown[shown.index(after: $0)...] } ?? shown
        return String(String.UnicodeScalarView(afterUser.unicodeScalars.map { $0.isControl ? "?" : $0 }))
    }
}
