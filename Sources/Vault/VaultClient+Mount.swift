import HTTPClient

extension VaultClient {
    /// The engine of a secret: as configured, else from `sys/internal/ui/mounts/<path>`; version 1 if that endpoint
    /// does not exist (old servers) or is not permitted.
    func mount(of path: String) async throws(VaultError) -> KVMount {
        if configuration.kvVersion == 1 { return KVMount(path: "", version: 1) }
        if let known = mounts.mount(of: path, now: timing.now()) { return known }
        // Concurrent readers of one mount send one request, and all get its error if it fails.
        let failuresBefore = mounts.failures.count
        try await mounts.oneRequest.enter()
        defer { mounts.oneRequest.leave() }
        if let known = mounts.mount(of: path, now: timing.now()) { return known }
        if case (let count, let error?) = mounts.failures, count != failuresBefore { throw error }
        do throws(VaultError) {
            return try await detectMount(of: path)
        } catch {
            if error != .cancelled { mounts.fail(error) }
            throw error
        }
    }

    private func detectMount(of path: String) async throws(VaultError) -> KVMount {
        var found: KVMount
        let prefix: String
        if let answer = try await requestMount(path) {
            found = answer
            prefix = answer.path
        } else {
            // The end of the mount path is not known: each folder needs a request of its own.
            found = KVMount(path: "", version: 1)
            prefix = path.lastIndex(of: "/").map { String(path[...$0]) } ?? path
        }
        if configuration.kvVersion == 2 {
            found.version = 2
            if found.path.isEmpty { found.path = KVMount.guessed(in: path) }
        }
        mounts.insert(found, prefix: prefix, now: timing.now())
        return found
    }

    private func requestMount(_ path: String) async throws(VaultError) -> KVMount? {
        struct Answer: Decodable {
            struct Mount: Decodable {
                var path: String
                var options: [String: String]?
            }
            var data: Mount
        }
        let request = try VaultRequest.get("sys/internal/ui/mounts/\(path)")
        let response = try await call(request)
        if response.status == 403 || response.status == 404 { return nil }
        let mount = try response.decode(Answer.self, path: request.path).data
        guard mount.path.hasSuffix("/"), path.hasPrefix(mount.path) else {
            throw .malformedResponse(
                path: request.path, detail: "the mount '\(mount.path.prefix(100))' is not above the path")
        }
        return KVMount(path: mount.path, version: mount.options?["version"] == "2" ? 2 : 1)
    }
}
