import TestBed
import Testing

/// A hostile or invalid Ingress, and the published vulnerability of another controller on which it is based.
struct HostileIngress: Sendable, CustomTestStringConvertible {
    let title: String
    /// A CVE, or a class of errors if there is none.
    let source: String
    var annotations: [String: String] = [:]
    var labels: [String: String] = [:]
    var metadataName = "hostile"
    var namespace: String?
    /// Nil for a valid host of its own.
    var host: String?
    /// Further hosts.
    var moreHosts: [String] = []
    var path = "/"
    var pathType = "Prefix"
    var service = "web"
    /// A port number, else a port name.
    var port: String?
    /// If set, its Service has the type ExternalName.
    var externalName: String?
    var paths = 1
    var resource = false

    var testDescription: String { "\(source): \(title)" }

    init(_ source: String, _ title: String, _ change: (inout HostileIngress) -> Void) {
        self.source = source
        self.title = title
        change(&self)
    }
}

/// A directive that no template contains. Every payload tries to inject it.
let payload = "pwned on"

enum HostileIngresses {
    static let all = paths + hosts + foreign + own + services + metadata

    private static func path(_ source: String, _ title: String, _ path: String, _ type: String = "Prefix")
        -> HostileIngress
    {
        HostileIngress(source, title) {
            $0.path = path
            $0.pathType = type
        }
    }

    private static func host(_ source: String, _ title: String, _ host: String) -> HostileIngress {
        HostileIngress(source, title) { $0.host = host }
    }

    private static func annotation(_ source: String, _ name: String, _ value: String) -> HostileIngress {
        HostileIngress(source, "\(name) \(String(value.debugDescription.prefix(60)))") { $0.annotations[name] = value }
    }

    private static func own(_ name: String, _ value: String, _ source: String = "typed annotation") -> HostileIngress {
        annotation(source, "vault-ingress.io/\(name)", value)
    }

    private static let paths = [
        path("CVE-2021-25745", "closes the location", "/x;} \(payload); location /y {"),
        path(
            "CVE-2021-25745", "the file of the token", "/x{ alias /var/run/secrets/kubernetes.io/serviceaccount/; } #"),
        path("CVE-2021-25748", "a newline", "/x\n} \(payload); {"),
        path("CVE-2021-25748", "a carriage return", "/x\r\(payload);"),
        path("CVE-2021-25748", "an encoded newline", "/x%0a\(payload.replacing(" ", with: "%20"))"),
        path("CVE-2022-4886", "log_format", "/x\nlog_format pwned '$http_authorization';"),
        path("CVE-2022-4886", "ImplementationSpecific", "/x {} \(payload);", "ImplementationSpecific"),
        path("CVE-2026-24512", "a regular expression", "/(.*)$ { \(payload); } #", "ImplementationSpecific"),
        path("CVE-2026-24512", "the modifier of a location", "~ ^/"),
        path("CVE-2026-24512", "an unclosed group", "/((((["),
        path("CVE-2026-4342", "a comment", "/x #"),
        path("CVE-2026-4342", "a comment to the end of the file", "/x\"; # {"),
        path("CVE-2026-3288", "a double quote", "/x\"; \(payload); \""),
        path("CVE-2026-3288", "a single quote", "/x'; \(payload); '"),
        path("CVE-2026-3288", "a backslash at the end", "/x\\"),
        path("CVE-2026-3288", "an escaped quote", "/x\\\"; \(payload);"),
        path("CVE-2022-30535", "braces", "/{}{}}"),
        path("CVE-2022-30535", "a variable", "/$host$http_authorization"),
        path("CVE-2022-30535", "a variable in braces", "/${pwned}"),
        path("traversal", "..", "/../../var/run/secrets"),
        path("traversal", "encoded ..", "/%2e%2e/%2e%2e/etc/passwd"),
        path("control characters", "NUL", "/x\u{0}y"),
        path("control characters", "encoded NUL", "/x%00y"),
        path("control characters", "a line separator", "/x\u{2028}\(payload);"),
        path("control characters", "right to left", "/x\u{202e};no denwp"),
        path("size", "ten thousand characters", "/" + String(repeating: "x", count: 10_000)),
        path("named location", "of the template", "@upstream_failed"),
        path("not a path", "no slash", "x"),
        path("not a path", "a query", "/x?\(payload)"),
        path("not a path", "half an escape", "/x%4"),
        path("unknown type", "with a directive", "/x", "Exact; \(payload)"),
        HostileIngress("CVE-2026-24514", "five thousand paths") { $0.paths = 5_000 },
    ]

    /// Long names with the same hash in nginx: `c0` and `an` contribute the same value.
    private static let collidingHosts = (0..<300).map { number in
        let bits = (0..<9).map { number >> $0 & 1 == 0 ? "c0" : "an" }
        let filler = ["a", "b", "c"].map { String(repeating: $0, count: 60) }.joined(separator: ".")
        return "x\(bits.joined()).\(filler).\(String(repeating: "d", count: 30)).example"
    }

    private static let hosts = [
        host("CVE-2021-25746", "closes server_name", "a.example.com; \(payload)"),
        host("CVE-2021-25746", "closes the server", "a.example.com;} server { \(payload);"),
        host("CVE-2021-25748", "a newline", "a.example.com\n\(payload);"),
        host("CVE-2025-1098", "quotes", "\"a.example.com\"; \(payload)"),
        host("regular expression", "everything", "~.*"),
        host("regular expression", "a capture", "~^(?<upstream>.*)$"),
        host("theft", "the neighbour's host", "neighbour.example.com"),
        host("theft", "in uppercase", "NEIGHBOUR.EXAMPLE.COM"),
        host("theft", "with a trailing dot", "neighbour.example.com."),
        host("theft", "two names in one", "a.example.com neighbour.example.com"),
        host("theft", "the server name _", "_"),
        host("wildcards", "alone", "*"),
        host("wildcards", "two", "*.*.example.com"),
        host("wildcards", "inside", "neigh*.example.com"),
        host("wildcards", "in nginx's form", ".example.com"),
        host("variable", "in a host", "${host}.example.com"),
        host("address", "of this machine", "127.0.0.1"),
        host("size", "three hundred characters", String(repeating: "a.", count: 150) + "com"),
        host("unicode", "not encoded", "ä.example.com"),
        HostileIngress("hash", "three hundred names in one bucket of nginx's hash table") {
            $0.moreHosts = collidingHosts
        },
    ]

    private static let nginxIngress = "nginx.ingress.kubernetes.io"
    private static let foreign = [
        annotation("CVE-2021-25742", "\(nginxIngress)/configuration-snippet", "\(payload);"),
        annotation("CVE-2021-25742", "\(nginxIngress)/server-snippet", "} \(payload);"),
        annotation("CVE-2023-5043", "\(nginxIngress)/configuration-snippet", "lua_code \(payload);"),
        annotation("CVE-2023-5044", "\(nginxIngress)/permanent-redirect", "https://x;} \(payload);"),
        annotation("CVE-2024-7646", "\(nginxIngress)/auth-snippet", "\r\(payload);"),
        annotation("CVE-2025-1097", "\(nginxIngress)/auth-tls-match-cn", "CN=x) { \(payload); #"),
        annotation("CVE-2025-1098", "\(nginxIngress)/mirror-target", "https://x;\n\(payload);"),
        annotation("CVE-2025-1098", "\(nginxIngress)/mirror-host", "x; \(payload);"),
        annotation("CVE-2025-1974", "\(nginxIngress)/ssl-engine", "/proc/1/fd/1"),
        annotation("CVE-2025-24513", "\(nginxIngress)/auth-secret", "../../etc/passwd"),
        annotation("CVE-2025-24514", "\(nginxIngress)/auth-url", "http://x/#;}\n\(payload);"),
        annotation("CVE-2025-15566", "\(nginxIngress)/auth-proxy-set-headers", "x/y; \(payload);"),
        annotation("CVE-2026-1580", "\(nginxIngress)/auth-method", "GET; \(payload);"),
        annotation("CVE-2026-3288", "\(nginxIngress)/rewrite-target", "/\"; \(payload); \""),
        annotation("CVE-2026-24513", "\(nginxIngress)/custom-http-errors", "401,403"),
        annotation("F5 snippets", "nginx.org/server-snippets", "\(payload);"),
        annotation("F5 snippets", "nginx.org/location-snippets", "\(payload);"),
        annotation("CVE-2022-30535", "nginx.org/rewrites", "serviceName=web rewrite=/;} \(payload);"),
    ]

    private static let own = [
        own("rewrite-prefix", "/x\"; \(payload); \"", "CVE-2026-3288"),
        own("rewrite-prefix", "/x\n\(payload);", "CVE-2021-25748"),
        own("rewrite-prefix", "/$1$2", "CVE-2026-42945"),
        own("rewrite-prefix", "/$http_x?$args", "CVE-2026-42945"),
        own("app-root", "https://evil.example.com/", "CVE-2023-5044"),
        own("app-root", "//evil.example.com", "CVE-2023-5044"),
        own("app-root", "/x\"; \(payload);", "CVE-2023-5044"),
        own("app-root", "/x\r\nSet-Cookie: pwned=1", "CVE-2023-5044"),
        own("backend-protocol", "http; \(payload)"),
        own("backend-protocol", "fastcgi"),
        own("body-size", "1m; \(payload)"),
        own("body-size", "999999999999999999999g"),
        own("body-size", "-1"),
        own("read-timeout", "1s; \(payload)"),
        own("read-timeout", "9999999h"),
        own("buffering", "off; \(payload)"),
        own("allow-from", "0.0.0.0/0; } \(payload)"),
        own("allow-from", "unix:, all"),
        own("rate-limit", "1r/s zone=\(payload)"),
        own("rate-limit", "99999999999999999999"),
        own("hsts", "365d; includeSubDomains\"; \(payload)"),
        own("redirect-to-https", "301 http://evil.example.com"),
        own("basic-auth", "../../sys/seal", "CVE-2025-24513"),
        own("basic-auth", "/etc/passwd", "CVE-2025-24513"),
        own("split", "web=1;\(payload)=2"),
        own("split", "web=1,../../other=1"),
        own("split-by", "cookie:x$http_authorization"),
        own("split-by", "header:x; \(payload)"),
        own("affinity", "cookie; \(payload)"),
        own("configuration-snippet", "\(payload);", "CVE-2021-25742"),
        HostileIngress("CVE-2026-24514", "an annotation of 200 KB") {
            $0.annotations["vault-ingress.io/allow-from"] = String(repeating: "10.0.0.1,", count: 22_000)
        },
    ]

    private static let services = [
        HostileIngress("CVE-2021-25746", "a directive in the Service's name") { $0.service = "web; \(payload)" },
        HostileIngress("SSRF", "a Service of another namespace") { $0.service = "web.kube-system" },
        HostileIngress("SSRF", "a path in the Service's name") { $0.service = "web/../../x" },
        HostileIngress("CVE-2021-25746", "a directive in the port's name") { $0.port = "http; \(payload)" },
        HostileIngress("numbers", "port 0") { $0.port = "0" },
        HostileIngress("numbers", "port 99999") { $0.port = "99999" },
        HostileIngress("CVE-2021-25746", "a directive in externalName") { $0.externalName = "x; \(payload)" },
        HostileIngress("SSRF", "externalName of this machine") { $0.externalName = "localhost" },
        HostileIngress("SSRF", "externalName that is an address") { $0.externalName = "169.254.169.254" },
        HostileIngress("SSRF", "externalName with a port and a path") { $0.externalName = "evil.example.com:80/x" },
        HostileIngress("another backend", "a resource") { $0.resource = true },
    ]

    private static let metadata = [
        HostileIngress("comments", "a directive in the name") { $0.metadataName = "x\";} \(payload); #" },
        HostileIngress("comments", "a newline in the name") { $0.metadataName = "x\n\(payload);" },
        HostileIngress("variables", "a variable in the name") { $0.metadataName = "$http_authorization" },
        HostileIngress("comments", "a directive in the namespace") { $0.namespace = "x\";} \(payload); #" },
        HostileIngress("labels", "ssl") { $0.labels["ssl"] = "true; \(payload)" },
        HostileIngress("labels", "deployment_method") { $0.labels["deployment_method"] = "bluegreen } \(payload)" },
    ]
}
