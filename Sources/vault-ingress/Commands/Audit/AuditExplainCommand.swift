internal import ArgumentParser
internal import Audit
internal import Foundation

struct AuditExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain which Ingress owned a host, since when and why.",
        discussion: "Also names the other claimants. Exits with 1 if the log does not contain the host at that time."
    )

    @Argument(help: "A host as in a request, *.example.com, or * for the catch-all.")
    var host: String
    @OptionGroup var log: AuditFileOption
    @Option(Settings.auditAt) var at: String?

    func run() async throws {
        var reader = SettingReader(environment: [:])
        let time = try reader.value(Settings.auditAt, at)?.timestamp(now: Date())
        let names = try SettingReader.parse(host, of: "HOST", Parsing.hostNames)
        var source = try AuditSource(log.path(ProcessInfo.processInfo.environment))
        var explainer = Explainer(names, at: time)
        try source.read(missLine: { explainer.missLine(of: $0) }, { line, _ in explainer.read(line) })
        let (text, isKnown) = explainer.explanation()
        FileOutput.standardOutput.write(text)
        source.reportUnreadable()
        if !isKnown { throw ExitCode(1) }
    }
}
