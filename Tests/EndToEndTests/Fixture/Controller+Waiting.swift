import Foundation
import HTTPClient
import TestBed

extension Controller {
    /// Waits until a request for the host reaches the Service with that address. Old workers still accept connections
    /// for a moment after a reload, so a later request may still be answered with the old configuration.
    func reaches(
        _ address: String, host: String, path: String = "/", within limit: Duration = .seconds(10)
    ) async throws {
        try await eventually("\(host)\(path) reaches \(address)", within: limit, showing: [process]) {
            let found = try await answer(request(host: host, path: path)).serverAddress
            guard found == address else { throw BedError("it reaches \(found)") }
            return true
        }
    }

    func status() async throws -> JSON { try JSON(parsing: try await admin("/status").body) }

    /// The process id of nginx's master.
    func nginxMaster() async throws -> Int32 {
        guard let pid = try await status()["nginx"]["pid"].int else { throw BedError("nginx is not running") }
        return Int32(pid)
    }

    /// Waits for a reload line in the audit log that matches, and returns the first.
    @discardableResult
    func audited(_ subject: String, _ matches: @Sendable (JSON) -> Bool) async throws -> JSON {
        try await eventually("the audit log has \(subject)", showing: [process]) { try audit().first(where: matches) }
    }
}
