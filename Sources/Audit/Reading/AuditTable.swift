/// The log as a table of text, row by row.
public struct AuditTable {
    public static let header = row("TIME", "GENERATION", "RESULT", "HOSTS", "MS", "DETAILS")

    private let names: Set<String>
    private var pod: String?
    private var lastStart: AuditRecord.Start?

    /// - Parameter host: the host of the filter, if any.
    public init(host: HostNames?) {
        names = host?.filtered ?? []
    }

    /// Returns the rows of a line; none if the line only repeats others. All lines must be passed, because a start is
    /// compared with the last one.
    ///
    /// - Parameter isWanted: false if the filter excludes the line.
    public mutating func rows(_ line: AuditLine, isWanted: Bool) -> [String] {
        let text = text(of: line)
        guard isWanted, let text else { return [] }
        defer { pod = line.pod }
        return (pod == line.pod ? [] : ["pod \(line.pod):".printable]) + [text.printable]
    }

    private mutating func text(of line: AuditLine) -> String? {
        func row(_ result: String, _ what: String, generation: Int? = nil) -> String {
            Self.row("\(line.time)", generation.map(String.init) ?? "", result, "", "", what)
        }
        switch line.record {
        case .start(let start):
            defer { lastStart = start }
            return row("start", start.brief(since: lastStart))
        case .stop(let stop): return row("stop", stop.error ?? "stopped on request")
        case .nginx(let nginx): return row("nginx", nginx.brief)
        case .reload(let reload):
            return Self.row(
                "\(line.time)", reload.generation.map(String.init) ?? "-", reload.result.rawValue,
                "+\(reload.hosts.addedCount) -\(reload.hosts.removedCount) ~\(reload.hosts.changedCount)",
                "\(reload.milliseconds.total)", reload.brief)
        case .hosts(let hosts):
            guard let what = hosts.brief(names) else { return nil }
            let event =
                switch hosts.scope {
                case .claims: "claims"
                case .rotation: "rotated"
                case .whole, .reload: "hosts"
                }
            return row(event, what, generation: hosts.generation)
        case .quarantine(let quarantine): return row("quarantine", quarantine.brief)
        case .certificate(let certificate): return row("cert", certificate.brief)
        case .users(let users): return row("users", users.brief)
        }
    }

    private static func row(
        _ time: String, _ generation: String, _ result: String, _ hosts: String, _ milliseconds: String, _ what: String
    ) -> String {
        [
            time.padded(24), generation.padded(10, isNumber: true), result.padded(10), hosts.padded(11),
            milliseconds.padded(8, isNumber: true), what,
        ].joined(separator: "  ")
    }
}

extension String {
    fileprivate func padded(_ width: Int, isNumber: Bool = false) -> String {
        let space = String(repeating: " ", count: Swift.max(0, width - count))
        return isNumber ? space + self : self + space
    }
}

extension AuditRecord.Start {
    fileprivate func brief(since last: Self?) -> String {
        let text = "vault-ingress \(version), nginx \(nginx), templates \(templates?.prefix(8) ?? "-")"
        guard let last, last != self else { return text }
        var changes: [String] = []
        if last.version != version { changes.append("version \(last.version) -> \(version)") }
        if last.nginx != nginx { changes.append("nginx \(last.nginx) -> \(nginx)") }
        if last.templates != templates { changes.append("templates") }
        for name in Set(last.settings.keys).union(settings.keys).sorted() where last.settings[name] != settings[name] {
            changes.append("\(name) \(last.settings[name] ?? "none") -> \(settings[name] ?? "none")")
        }
        return text + "; changes since the last start: " + changes.joined(separator: ", ")
    }
}

extension AuditRecord.Nginx {
    fileprivate var brief: String {
        let verb =
            switch change {
            case .started: "started"
            case .ended: "exited unexpectedly"
            case .stopped: "stopped by the controller"
            }
        return verb + (pid.map { ", pid \($0)" } ?? "") + (ending.map { ": \($0)" } ?? "")
    }
}

extension AuditRecord.Reload {
    fileprivate var brief: String {
        let causes = causes.listed(of: causeCount) { $0.brief }
        let taken = hosts.taken.listed(of: hosts.takenCount) { "\($0.host) from \($0.from) to \($0.to)" }
        let closed = hosts.closed.listed(of: hosts.closedCount) { $0.host }
        let quarantine = quarantined.listed(of: quarantinedCount) { "\($0.namespace)/\($0.name)" }
        return [
            causes, taken.isEmpty ? nil : "taken over: \(taken)", closed.isEmpty ? nil : "closed: \(closed)",
            quarantine.isEmpty ? nil : "quarantined: \(quarantine)", error.map { "error: \($0)" },
        ].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension AuditRecord.Quarantine {
    fileprivate var brief: String {
        quarantined.isEmpty
            ? "no Ingress is quarantined"
            : "quarantined: " + quarantined.listed(of: quarantinedCount) { "\($0.namespace)/\($0.name): \($0.error)" }
    }
}

extension AuditRecord.Hosts {
    /// Nil if it only repeats other lines.
    fileprivate func brief(_ names: Set<String>) -> String? {
        let shown = names.isEmpty ? hosts : hosts.filter { names.contains($0.host) }
        guard scope == .claims || scope == .rotation || (scope == .reload && !names.isEmpty), !shown.isEmpty else {
            return nil
        }
        return shown.listed { entry in
            let others = entry.claimants ?? []
            let claims = others.isEmpty ? "" : ", also claimed by " + others.listed(of: entry.claimantsCount) { $0 }
            let cause = entry.cause.map { " (\($0.brief))" } ?? ""
            return "\(entry.host): \(entry.owner ?? "no owner")\(claims)\(cause)"
        }
    }
}

extension AuditRecord.Users {
    fileprivate var brief: String {
        "\(path)\(version.map { " version \($0)" } ?? "") \(state)" + (reason.map { ": \(problem ?? ""): \($0)" } ?? "")
    }
}

extension AuditRecord.Certificate {
    fileprivate var brief: String { "\(host) \(state)" + (reason.map { ": \(problem ?? ""): \($0)" } ?? "") }
}
