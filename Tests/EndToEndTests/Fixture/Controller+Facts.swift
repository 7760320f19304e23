import Foundation
import HTTPClient
import TestBed

extension Controller {
    /// Waits until the host's requests reach the Service with that address. Old workers still accept for a moment after
    /// a reload, so one good answer need not be the last of the old ones.
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

    /// Waits for the first line of the audit log that fits.
    @discardableResult
    func audited(_ fact: String, _ fits: @Sendable (JSON) -> Bool) async throws -> JSON {
        try await eventually("the audit log has \(fact)", showing: [process]) { try audit().first(where: fits) }
    }
}
