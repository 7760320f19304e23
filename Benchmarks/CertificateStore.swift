import Foundation
import TestBed

/// Certificates in OpenBao, one for each host, from the server's own PKI engine: that is faster than openssl(1).
enum CertificateStore {
    static func prepare(_ server: BaoServer) async throws {
        try await server.call("POST", "sys/mounts/pki", ["type": "pki"])
        try await server.call("POST", "pki/root/generate/internal", ["common_name": "bench", "ttl": "700h"])
        try await server.call(
            "POST", "pki/roles/web",
            ["allow_any_name": true, "key_type": "ec", "key_bits": 256, "ttl": "600h", "enforce_hostnames": false])
    }

    /// - Parameter names: the first labels, below `example.com`.
    static func add(_ names: [String], to server: BaoServer) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, name) in names.enumerated() {
                if number >= 16 { try await group.next() }
                group.addTask {
                    let host = "\(name).example.com"
                    let issued = try await server.call("POST", "pki/issue/web", ["common_name": .string(host)])
                    try await server.call(
                        "POST", "secret/data/ssl/\(host)",
                        ["data": ["crt": issued["data"]["certificate"], "key": issued["data"]["private_key"]]])
                }
            }
            try await group.waitForAll()
        }
    }
}

extension Controller {
    /// The processor time of the controller without nginx, in seconds (proc(5), stat: utime and stime in ticks of 10 ms).
    func processorTime() throws -> Double {
        guard let pid = process.pid else { throw BedError("the controller has ended") }
        let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return [fields[12], fields[13]].compactMap { Double($0) }.reduce(0, +) / 100
    }
}
