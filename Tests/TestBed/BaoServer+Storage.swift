import Foundation
import HTTPClient

extension BaoServer {
    /// Starts a server as in production: its storage is on disk, and it is sealed after each start. It is unsealed
    /// here, with KV 2 at `secret/` and the usual root token.
    public static func startStored() async throws -> BaoServer {
        let folder = try TemporaryFolder.make("bao")
        let port = try FreePort.next()
        let data = folder.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let file = folder.appending(path: "bao.hcl")
        try """
        storage "raft" {
          path = "\(data.path)"
          node_id = "bed"
          performance_multiplier = 1
        }
        listener "tcp" {
          address = "127.0.0.1:\(port)"
          tls_disable = true
        }
        api_addr = "http://127.0.0.1:\(port)"
        cluster_addr = "http://127.0.0.1:\(try FreePort.next())"
        """.write(to: file, atomically: true, encoding: .utf8)
        let process = try await ServerProcess(
            "bao", .init(try Tools.bao, ["server", "-config=\(file.path)"]), folder: folder)
        let server = BaoServer(address: "http://127.0.0.1:\(port)", folder: folder, process: process)
        try await server.answers()
        let made = try await server.call("PUT", "sys/init", ["secret_shares": 1, "secret_threshold": 1])
        guard let key = made["keys_base64"][0].string, let token = made["root_token"].string else {
            throw BedError("bao was not initialised: no key or no token")
        }
        try key.write(to: server.unsealKey, atomically: true, encoding: .utf8)
        try await server.unseal()
        try await server.call(
            "POST", "auth/token/create",
            ["id": .string(rootToken), "policies": ["root"], "no_parent": true, "ttl": "0"], token: token)
        try await server.call("POST", "sys/mounts/secret", ["type": "kv", "options": ["version": "2"]])
        try await process.ready("bao has its KV engine") { try await server.send("GET", "secret/config").status == 200 }
        return server
    }

    /// Restarts the server after its end: sealed.
    public func restarted() async throws -> BaoServer {
        let server = BaoServer(
            address: address, folder: folder,
            process: try await ServerProcess(process.name, process.command, folder: folder))
        try await server.answers()
        return server
    }

    /// Unseals the server, and returns when it answers reads.
    public func unseal() async throws {
        let key = try String(contentsOf: unsealKey, encoding: .utf8)
        try await call("PUT", "sys/unseal", ["key": .string(key)])
        try await process.ready("bao is active") { try await send("GET", "sys/health").status == 200 }
    }

    private var unsealKey: URL { folder.appending(path: "unseal-key") }

    private func answers() async throws {
        try await process.ready("bao answers", within: .seconds(30)) {
            _ = try await send("GET", "sys/health")
            return true
        }
    }
}
