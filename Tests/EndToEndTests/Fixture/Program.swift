import Foundation
import TestBed
import Testing

/// A finished run of the program under test.
struct Program: Sendable {
    let status: ServerProcess.ExitStatus
    /// Standard output and standard error.
    let output: String

    /// Runs the program until it exits.
    ///
    /// - Throws: `BedError` if it has not exited after 20 s.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL
    ) async throws -> Program {
        let name = "program-\(UUID().uuidString.prefix(8).lowercased())"
        let command = ServerProcess.Command(
            try Tools.vaultIngress, arguments, environment: environment, deathSignal: .terminate)
        let process = try await ServerProcess(name, command, folder: folder)
        do {
            let status = try await eventually("the program exits", within: .seconds(20), showing: [process]) {
                process.exitStatus
            }
            return Program(status: status, output: try String(contentsOf: process.log, encoding: .utf8))
        } catch {
            await process.stop()
            throw error
        }
    }

    /// Expects that the program failed, and that its last line, and no other, is an error message with this text.
    func expectFailure(
        status expected: Int, _ line: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(status == .exited(expected), "\(output)", sourceLocation: sourceLocation)
        let lines = output.split(separator: "\n")
        let own = lines.filter { $0.hasPrefix("vault-ingress: ") }
        #expect(own.count == 1, "\(output)", sourceLocation: sourceLocation)
        #expect(lines.last == own.first, "\(output)", sourceLocation: sourceLocation)
        #expect(own.first?.contains(line) == true, "\(output)", sourceLocation: sourceLocation)
    }
}
