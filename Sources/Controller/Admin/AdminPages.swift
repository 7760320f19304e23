internal import Kubernetes
internal import Nginx

/// The responses of the admin server.
///
/// `/status` and `/metrics` are computed once per change and kept, on a thread of their own: with ten thousand hosts they
/// are large, and anybody in the cluster can request them in a loop. Probes do not wait for them.
actor AdminPages {
    /// What the kept pages depend on.
    private struct Key: Equatable {
        let version: Int
        let reasonNotReady: String?
        let isSynced: Bool
        let isLeader: Bool?
        let leader: String?
        let nginxProcess: Int32?
        let nginxRestarts: Int

        init(_ state: ControllerState) {
            version = state.version
            reasonNotReady = state.reasonNotReady
            isSynced = state.isSynced
            isLeader = state.leadership?.isHeld
            leader = state.leadership?.holder
            nginxProcess = state.nginxProcess
            nginxRestarts = state.nginxRestarts
        }
    }

    private let state: ControllerState
    private let executor = QueueExecutor(label: "admin pages")
    private var status: (key: Key, page: AdminPage)?
    private var metrics: (key: Key, text: String)?
    /// The number of pages computed so far.
    private(set) var computed = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(state: ControllerState) {
        self.state = state
    }

    /// - Parameter line: the first line of a request: `GET /readyz HTTP/1.1`.
    nonisolated func response(to line: Substring) async -> AdminPage {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return AdminPage(status: "400 Bad Request", "expected an HTTP/1.1 request\n")
        }
        guard words[0] == "GET" || words[0] == "HEAD" else {
            return AdminPage(status: "405 Method Not Allowed", "expected GET\n")
        }
        var page = await page(words[1].prefix { $0 != "?" })
        page.isHeadOnly = words[0] == "HEAD"
        return page
    }

    private nonisolated func page(_ path: Substring) async -> AdminPage {
        switch path {
        case "/healthz": HealthPage.live(state, at: .now)
        case "/readyz": HealthPage.ready(state, at: .now)
        case "/metrics": await metricsPage()
        case "/status": await statusPage()
        case "/":
            AdminPage(
                """
                vault-ingress

                /healthz  the process works
                /readyz   ready for traffic
                /metrics  metrics for Prometheus
                /status   hosts, owners and rejections

                """)
        default: AdminPage(status: "404 Not Found", "expected /healthz, /readyz, /metrics or /status\n")
        }
    }

    private func statusPage() -> AdminPage {
        // The key is read first: a page that is newer than its key is only computed once more.
        let key = Key(state)
        if let status, status.key == key { return status.page }
        computed += 1
        do {
            let page = AdminPage(try StatusPage.json(of: state), type: "application/json")
            status = (key, page)
            return page
        } catch {
            return AdminPage(status: "500 Internal Server Error", "\(error)\n")
        }
    }

    private func metricsPage() -> AdminPage {
        let key = Key(state)
        let input = MetricsInput(state, at: .now)
        if metrics?.key != key {
            computed += 1
            metrics = (key, Metrics.text(of: input))
        }
        return AdminPage(
            (metrics?.text ?? "") + Metrics.ages(of: input), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
