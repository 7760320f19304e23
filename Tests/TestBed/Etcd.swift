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
                    // An architecture that etcd 3.4 knows not well enough refuses to start without this.
                    + ["--logger", "zap"],
                environment: ["ETCD_UNSUPPORTED_ARCH": "arm64"]),
            folder: folder)
        let etcd = Etcd(url: url, process: process)
        try await process.ready("etcd is healthy", within: .seconds(30)) {
            try await HTTP.get("\(url)/health").status == 200
        }
        return etcd
    }

    /// Forgets every revision before the present one (etcd's gRPC gateway, `/v3/kv/compaction`). A watch of the API
    /// server from an older version is then answered 410, once its own cache no longer covers it: after a restart.
    public func compact() async throws {
        // A range over one key that does not exist: its header has the present revision.
        let range = try await post("range", ["key": "AA=="])
        guard let revision = range["header"]["revision"].string else {
            throw BedError("etcd's answer names no revision: \(range)")
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
