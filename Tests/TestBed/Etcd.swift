public import Foundation
import HTTPClient

/// A single etcd member, without fsync.
public struct Etcd: Sendable {
    public let url: String
    public let process: ServerProcess

    public static func start(folder: URL) async throws -> Etcd {
        let url = "http://127.0.0.1:\(try FreePort.next())"
        let peer = "http://127.0.0.1:\(try FreePort.next())"
        let process = try await ServerProcess(
            "etcd",
            .init(
                try Tools.etcd,
                ["--data-dir", folder.appending(path: "etcd").path, "--name", "bed"]
                    + ["--listen-client-urls", url, "--advertise-client-urls", url]
                    + ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
                    + ["--initial-cluster", "bed=\(peer)"]
                    // Without this, etcd 3.4 does not start on architectures that it does not support.
                    + ["--logger", "zap"],
                environment: ["ETCD_UNSUPPORTED_ARCH": "arm64"]),
            folder: folder)
        let etcd = Etcd(url: url, process: process)
        try await process.ready("etcd is healthy", within: .seconds(30)) {
            try await HTTP.get("\(url)/health").status == 200
        }
        return etcd
    }

    /// Removes all revisions before the current one (etcd's gRPC gateway, `/v3/kv/compaction`). The API server
    /// answers watches from older versions with 410 when its watch cache does not contain them: after a restart.
    public func compact() async throws {
        // The header of any response has the current revision.
        let range = try await post("range", ["key": "AA=="])
        guard let revision = range["header"]["revision"].string else {
            throw BedError("the response of etcd has no revision: \(range)")
        }
        _ = try await post("compaction", ["revision": .string(revision), "physical": true])
    }

    private func post(_ call: String, _ body: JSON) async throws -> JSON {
        let response = try await HTTP.send(
            HTTPRequest(method: "POST", url: "\(url)/v3/kv/\(call)", body: try body.bytes))
        guard response.status == 200 else {
            throw BedError("etcd \(call): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
        return try JSON(parsing: response.body)
    }
}
