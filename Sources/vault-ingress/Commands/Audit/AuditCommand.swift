internal import ArgumentParser
internal import Audit
internal import Foundation
internal import Routing

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit log.",
        discussion: "TIME is as in 2026-01-31T03:12:45Z, or a duration back from now, as 2h or 15m.",
        subcommands: [AuditShowCommand.self, AuditExplainCommand.self, AuditDiffCommand.self],
        defaultSubcommand: AuditShowCommand.self)
}

/// Which log to read.
struct AuditFileOption: ParsableArguments {
    @Argument(help: "The audit log, with what was put aside of it; - for standard input. [AUDIT_LOG]")
    var file: String?

    func path(_ environment: [String: String]) throws -> String {
        if let file, !file.isEmpty { return file }
        guard file == nil, let path = environment["AUDIT_LOG"], !path.isEmpty else {
            throw UsageError("audit: expected a FILE, - or the variable AUDIT_LOG, found none")
        }
        return path
    }
}

/// The log as a table.
struct AuditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The log as a table, or the lines that fit.", shouldDisplay: false)

    @OptionGroup var log: AuditFileOption
    @Flag(help: "The lines themselves, for programs.")
    var json = false
    @Option(help: "Lines that name this host, or the wildcard that covers it.")
    var host: String?
    @Option(help: "Lines that name an object of this namespace.")
    var namespace: String?
    @Option(help: "Lines that name this object: NAMESPACE/NAME or KIND/NAMESPACE/NAME.")
    var object: String?
    @Option(help: "From this TIME on.")
    var since: String?
    @Option(help: "Up to this TIME.")
    var until: String?
    @Option(help: "Attempts that ended so: applied, rejected or failed.")
    var result: String?
    @Flag(help: "Attempts that were rejected or failed.")
    var failed = false

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
        let reader = SettingReader(environment: [:])
        func read<Value>(
            _ given: String?, _ flag: String, _ parse: (String) throws(InvalidValue) -> Value
        ) throws -> Value? {
            try reader.read(given, flag: flag, variable: "", parse: parse)
        }
        if failed, result != nil { throw UsageError("--failed and --result: expected one of them, found both") }
        var filter = AuditFilter()
        filter.host = try read(host, "--host", Parsing.hostNames)
        filter.namespace = try read(namespace, "--namespace", Parsing.namespace)
        filter.object = try read(object, "--object", Parsing.object)
        filter.since = try read(since, "--since", Parsing.moment(now: now))
        filter.until = try read(until, "--until", Parsing.moment(now: now))
        filter.results =
            failed
            ? [.rejected, .failed]
            : try read(result, "--result", Parsing.oneOf(AuditRecord.Reload.Result.self)).map { [$0] }
        return filter
    }
}

extension AuditSource {
    /// On standard error, so that it does not get among the lines.
    func reportUnreadable() {
        guard unreadable > 0 else { return }
        let lines = unreadable == 1 ? "1 line is no line" : "\(unreadable) lines are no lines"
        FileOutput.standardError.write("\(lines) of an audit log, and left out\n")
    }
}
