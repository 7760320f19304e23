internal import ArgumentParser
internal import Glibc

@main
enum Main {
    /// Parses the command line and runs the command. Every failure is one line on standard error. The exit code is 64
    /// (EX_USAGE) for a usage error, else 1.
    static func main() async {
        do {
            var command = try RootCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch let error as UsageError {
            fail("\(error)", code: EX_USAGE)
        } catch  where RootCommand.exitCode(for: error) == .success {
            // --help and --version arrive as errors too.
            FileOutput.standardOutput.write(RootCommand.fullMessage(for: error) + "\n")
        } catch  where RootCommand.exitCode(for: error) == .validationFailure {
            fail(RootCommand.message(for: error), code: EX_USAGE)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
        FileOutput.standardError.write("vault-ingress: \(line)\n")
        exit(code)
    }
}

struct RootCommand: AsyncParsableCommand {
    static let version = "0.2.0-dev"
    static let configuration = CommandConfiguration(
        commandName: "vault-ingress",
        abstract: "A Kubernetes Ingress controller that runs nginx.",
        version: version,
        subcommands: [RunCommand.self, DnsmasqCommand.self, RenderCommand.self, AuditCommand.self])
}
