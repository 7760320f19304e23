internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Logging

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Watch Ingresses and keep nginx serving them.",
        discussion: "A flag wins over the variable in brackets. Durations are written 100ms, 2s, 1m30s.")

    @OptionGroup var options: RunOptions

    func run() async throws {
        let settings = try RunSettings(
            options, environment: ProcessInfo.processInfo.environment, shareFolder: Installation.shareFolder,
            isTerminal: FileOutput.standardError.isTerminal)
        LoggingSystem.bootstrap {
            LineLogHandler(label: $0, level: settings.logLevel, format: settings.logFormat)
        }
        // What this program or its nginx makes is nobody else's, whatever mode it asks for.
        umask(0o027)
        let environment = ProcessInfo.processInfo.environment
        try await Assembly(settings, environment: environment).run()
    }
}
