public import HTTPClient
import Foundation

/// Requests of the bed itself and of its tests.
public enum HTTP {
    public static func get(_ url: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        try await send(HTTPRequest(url: url, headers: headers))
    }

    public static func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var arguments = ["-s", "-S", "-k", "-i", "-X", request.method, request.url]
        for field in request.headers.fields { arguments += ["-H", "\(field.name): \(field.value)"] }
        if let body = request.body { arguments += ["--data-binary", String(decoding: body, as: UTF8.self)] }
        let output = try await ServerProcess.run(.init("/usr/bin/curl", arguments), folder: URL(filePath: "/tmp"))
        let parts = output.components(separatedBy: "\r\n\r\n")
        let status = Int(parts[0].split(separator: " ")[1]) ?? 0
        return HTTPResponse(status: status, headers: [:], body: Array(parts.dropFirst().joined(separator: "\r\n\r\n").utf8))
    }
}
