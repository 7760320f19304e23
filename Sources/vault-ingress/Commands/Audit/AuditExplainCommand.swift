internal import ArgumentParser
internal import Audit
internal import Foundation

/// Who served a host, since when and why.
struct AuditExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Who served a host, since when and why, and who else claimed it.",
        discussion: "Exits with 1 where the log does not know the host at that time.")

    @Argument(help: "A host as requests name it, *.example.com, or * for the catch-all.")
    var host: String
    @OptionGroup var log: AuditFileOption
    @Option(help: "The TIME that is meant (default: the end of the log).")
    var at: String?

    func run() async throws {
        let reader = SettingReader(environment: [:])
        let time = try reader.read(at, flag: "--at", variable: "", parse: Parsing.moment(now: Date()))
        let names = try reader.read(host, flag: "HOST", variable: "", parse: Parsing.hostNames) ?? HostNames("*")
        var source = try AuditSource(log.path(ProcessInfo.processInfo.environment))
        var explainer = Explainer(names, at: time)
        try source.read(missLine: { explainer.missLine() }, { line, _ in explainer.read(line) })
        let (text, isKnown) = explainer.explanation()
        FileOutput.standardOutput.write(text)
        source.reportUnreadable()
        if !isKnown { throw ExitCode(1) }
    }
}
