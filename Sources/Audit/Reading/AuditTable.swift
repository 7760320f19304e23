/// The log as a table for people, row by row.
public struct AuditTable {
    public static let header = row("TIME", "GENERATION", "RESULT", "HOSTS", "MS", "WHAT")

    private let names: Set<String>
    private var pod: String?
    private var lastStart: AuditRecord.Start?

    /// - Parameter host: what was asked for, if anything.
    public init(host: HostNames?) {
        names = host?.filtered ?? []
    }

    /// Every line has to pass here, so that a start can be compared with the last one.
    ///
    /// - Parameter isWanted: whether the filter lets it through.
    /// - Returns: none for a line that says nothing new to a person.
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
        case .stop(let stop): return row("stop", stop.error ?? "as it was asked to")
        case .nginx(let nginx): return row("nginx", nginx.brief)
        case .reload(let reload):
            return Self.row(
                "\(line.time)", reload.generation.map(String.init) ?? "-", reload.result.rawValue,
                "+\(reload.hosts.addedCount) -\(reload.hosts.removedCount) ~\(reload.hosts.changedCount)",
                "\(reload.milliseconds.total)", reload.brief)
        case .hosts(let hosts):
            guard let what = hosts.brief(names) else { return nil }
            return row(hosts.scope == .claims ? "claims" : "hosts", what, generation: hosts.generation)
        case .quarantine(let quarantine): return row("held", quarantine.brief)
        case .certificate(let certificate): return row("cert", certificate.brief)
        case .users(let users): return row("users", users.brief)
        }
    }

    private static func row(
        _ time: String, _ generation: String, _ result: String, _ hosts: String, _ milliseconds: String, _ what: String
    ) -> String {
        [
            time.padded(24), generation.padded(10, isNumber: true), result.padded(8), hosts.padded(11),
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
        return text + "; changed since the last start: " + changes.joined(separator: ", ")
    }
}

extension AuditRecord.Nginx {
    fileprivate var brief: String {
        let verb =
            switch change {
            case .started: "started"
            case .ended: "ended by itself"
            case .stopped: "stopped as it was told to"
            }
        return verb + (pid.map { ", pid \($0)" } ?? "") + (ending.map { ": \($0)" } ?? "")
    }
}

extension AuditRecord.Reload {
    fileprivate var brief: String {
        let causes = causes.listed(of: causeCount) { $0.brief }
        let quarantine = quarantined.listed(of: quarantinedCount) { "\($0.namespace)/\($0.name)" }
        return [causes, quarantine.isEmpty ? nil : "quarantined: \(quarantine)", error.map { "error: \($0)" }]
            .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension AuditRecord.Quarantine {
    fileprivate var brief: String {
        quarantined.isEmpty
            ? "nobody is in quarantine any more"
            : "in quarantine: " + quarantined.listed(of: quarantinedCount) { "\($0.namespace)/\($0.name): \($0.error)" }
    }
}

extension AuditRecord.Hosts {
    /// Nil when it only repeats what other lines say.
    fileprivate func brief(_ names: Set<String>) -> String? {
        let shown = names.isEmpty ? hosts : hosts.filter { names.contains($0.host) }
        guard scope == .claims || (scope == .reload && !names.isEmpty), !shown.isEmpty else { return nil }
        return shown.listed { entry in
            let others = entry.claimants ?? []
            let claims = others.isEmpty ? "" : ", also claimed by " + others.listed(of: entry.claimantsCount) { $0 }
            let cause = entry.cause.map { " (\($0.brief))" } ?? ""
            return "\(entry.host): \(entry.owner ?? "nobody")\(claims)\(cause)"
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
