internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Logging
internal import Nginx

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Watch Ingresses and serve them with nginx.",
        discussion: "A flag overrides the variable in brackets. Durations are written 100ms, 2s, 1m30s.")

    @OptionGroup var options: RunOptions

    func run() async throws {
        Allocator.limitArenas()
        let environment = ProcessInfo.processInfo.environment
        let settings = try RunSettings(
            options, environment: environment, shareFolder: Installation.shareFolder,
            isTerminal: FileOutput.standardError.isTerminal)
        LoggingSystem.bootstrap {
            LineLogHandler(label: $0, level: settings.logLevel, format: settings.logFormat)
        }
        CoreDumps.forbid()
        // Files of this program and of nginx are not accessible to other users, whatever mode they are created with.
        umask(0o027)
        try await Assembly(settings, environment: environment).run()
    }
}
