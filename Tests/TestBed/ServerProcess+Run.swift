public import Foundation

extension ServerProcess {
    /// Runs a tool and waits for its end.
    ///
    /// - Returns: its standard output and standard error.
    /// - Throws: `BedError` with that text, unless it exits with 0.
    @discardableResult
    public static func run(_ command: Command, folder: URL) async throws -> String {
        let name = "\(URL(filePath: command.executable).lastPathComponent)-\(UUID().uuidString.prefix(8).lowercased())"
        let process = try await ServerProcess(name, command, folder: folder)
        let status = await process.ended()
        let output = String(decoding: try Data(contentsOf: process.log), as: UTF8.self)
        try FileManager.default.removeItem(at: process.log)
        guard status == .exited(0) else {
            throw BedError(
                "\(command.executable) \(command.arguments.joined(separator: " ")): \(status)\n\(output)")
        }
        return output
    }
}
