/// Matches the names of a certificate with a host (RFC 6125 §6.4, RFC 9525 §6.3). Both are ASCII, because
/// internationalised names are A-labels (`xn--…`).
enum DNSName {
    /// True if a dNSName of a certificate covers a host of an Ingress.
    ///
    /// | dNSName | host | |
    /// |---|---|---|
    /// | `Shop.example.com` | `shop.example.com` | yes: case does not count |
    /// | `*.example.com` | `shop.example.com` | yes |
    /// | `*.example.com` | `*.example.com` | yes: the wildcard host itself |
    /// | `*.example.com` | `a.shop.example.com`, `example.com` | no: the star is exactly one label |
    /// | `w*.example.com`, `shop.*.com` | any | no: the star must be the whole leftmost label |
    /// | `*.com`, `*` | any | no: it would cover a public suffix |
    static func covers(_ name: String, host: String) -> Bool {
        let name = labels(of: name)
        let host = labels(of: host)
        guard let first = name.first, name.count == host.count, !name.contains("") else { return false }
        let rest = name.dropFirst()
        guard !rest.contains(where: { $0.contains("*") }) else { return false }
        if first == "*" {
            return name.count >= 3 && !host[0].isEmpty && rest.elementsEqual(host.dropFirst())
        }
        return !first.contains("*") && name == host
    }

    /// Lowercase; one trailing dot (the root) does not count.
    private static func labels(of name: String) -> [Substring] {
        var name = name.lowercased()[...]
        if name.hasSuffix(".") { name.removeLast() }
        return name.split(separator: ".", omittingEmptySubsequences: false)
    }
}
