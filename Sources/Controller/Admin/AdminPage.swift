/// A response of the admin server.
struct AdminPage: Equatable {
    let status: String
    let type: String
    let body: String
    /// True for a HEAD request (RFC 9110 §9.3.2).
    var isHeadOnly = false

    init(status: String = "200 OK", _ body: String, type: String = "text/plain; charset=utf-8") {
        self.status = status
        self.type = type
        self.body = body
    }

    /// - Parameter line: the first line of a request: `GET /readyz HTTP/1.1`.
    static func response(to line: Substring, _ state: ControllerState) -> AdminPage {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return AdminPage(status: "400 Bad Request", "expected an HTTP/1.1 request\n")
        }
        guard words[0] == "GET" || words[0] == "HEAD" else {
            return AdminPage(status: "405 Method Not Allowed", "expected GET\n")
        }
        var page = page(words[1].prefix { $0 != "?" }, state)
        page.isHeadOnly = words[0] == "HEAD"
        return page
    }

    private static func page(_ path: Substring, _ state: ControllerState) -> AdminPage {
        switch path {
        case "/healthz": return AdminPage("ok\n")
        case "/readyz":
            guard let reason = state.reasonNotReady else { return AdminPage("ready\n") }
            return AdminPage(status: "503 Service Unavailable", "not ready: \(reason)\n")
        case "/metrics":
            return AdminPage(Metrics.text(of: state), type: "text/plain; version=0.0.4; charset=utf-8")
        case "/status":
            do {
                return AdminPage(try StatusPage.json(of: state), type: "application/json")
            } catch {
                return AdminPage(status: "500 Internal Server Error", "\(error)\n")
            }
        case "/":
            return AdminPage(
                """
                vault-ingress

                /healthz  the process runs
                /readyz   ready for traffic
                /metrics  metrics for Prometheus
                /status   hosts, owners and rejections

                """)
        default: return AdminPage(status: "404 Not Found", "expected /healthz, /readyz, /metrics or /status\n")
        }
    }
}
