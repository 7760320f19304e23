internal import ArgumentParser
internal import Audit
internal import Foundation
internal import Routing

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit log.",
        discussion:
            "Without a subcommand, shows the log as a table; 'vault-ingress audit show --help' lists the filters. TIME is a time such as 2026-01-31T03:12:45Z, or a duration before now such as 2h or 15m.",
        subcommands: [AuditShowCommand.self, AuditExplainCommand.self, AuditDiffCommand.self],
        defaultSubcommand: AuditShowCommand.self)
}

/// The argument that names the log to read.
struct AuditFileOption: ParsableArguments {
    private static let variable = Settings.auditLog.variable ?? ""

    @Argument(help: "The audit log, read with its rotated files; - for standard input. [\(variable)]")
    var file: String?

    func path(_ environment: [String: String]) throws -> String {
        if let file, !file.isEmpty { return file }
        guard file == nil, let path = environment[Self.variable], !path.isEmpty else {
            throw UsageError("audit: expected a FILE, - or the variable \(Self.variable), got none")
        }
        return path
    }
}

struct AuditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the audit log as a table.", shouldDisplay: false)

    @OptionGroup var log: AuditFileOption
    @Flag(help: "Print the JSON lines of the log instead of a table.")
    var json = false
    @Option(Settings.auditHost) var host: String?
    @Option(Settings.auditNamespace) var namespace: String?
    @Option(Settings.auditObject) var object: String?
    @Option(Settings.auditSince) var since: String?
    @Option(Settings.auditUntil) var until: String?
    @Option(Settings.auditResult) var result: String?
    @Flag(Settings.auditFailed) var failed = false

    func run() async throws {
        let filter = try filter(now: Date())
        var source = try AuditSource(log.path(ProcessInfo.processInfo.environment))
        var table = AuditTable(host: filter.host)
        if !json { FileOutput.standardOutput.write(AuditTable.header + "\n") }
        try source.read { line, bytes in
            let isWanted = filter.matches(line)
            if json {
                if isWanted { FileOutput.standardOutput.write(String(decoding: bytes, as: UTF8.self) + "\n") }
            } else {
                for row in table.rows(line, isWanted: isWanted) { FileOutput.standardOutput.write(row + "\n") }
            }
        }
        source.reportUnreadable()
    }

    private func filter(now: Date) throws -> AuditFilter {
        var reader = SettingReader(environment: [:])
        if failed, result != nil { throw UsageError(both: Settings.auditFailed.flag, Settings.auditResult.flag) }
        var filter = AuditFilter()
        filter.host = try reader.value(Settings.auditHost, host)
        filter.namespace = try reader.value(Settings.auditNamespace, namespace)
        filter.object = try reader.value(Settings.auditObject, object)
        filter.since = try reader.value(Settings.auditSince, since)?.timestamp(now: now)
        filter.until = try reader.value(Settings.auditUntil, until)?.timestamp(now: now)
        filter.results =
            failed ? [.rejected, .failed] : try reader.value(Settings.auditResult, result).map { [$0] }
        return filter
    }
}

extension AuditSource {
    /// Prints the number of skipped lines, and the findings about the numbers of lines, to standard error, so that they
    /// do not mix with the output.
    func reportUnreadable() {
        for finding in sequences.findings { FileOutput.standardError.write("\(finding.printable)\n") }
        guard unreadable > 0 else { return }
        let lines = unreadable == 1 ? "1 line that does" : "\(unreadable) lines that do"
        FileOutput.standardError.write("skipped \(lines) not belong to an audit log\n")
    }
}
