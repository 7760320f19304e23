internal import HTTPClient
internal import KubernetesAPI

/// Lists and watches a kind of object on an API server.
struct ClusterListWatch<Object: CachedObject>: ListWatch {
    let client: KubernetesClient
    /// A path such as `/api/v1/namespaces/shop/services`.
    let path: ResourcePath
    /// Empty for all objects.
    var labelSelector = ""
    var filter = MetadataFilter()
    /// The API server sends a bookmark about once a minute. Silence for longer means that the connection is lost without
    /// notice, as behind a load balancer that forgets it.
    var longestSilence = Duration.seconds(180)

    private var selection: [(name: String, value: String)] {
        labelSelector.isEmpty ? [] : [("labelSelector", labelSelector)]
    }

    func list(_ request: ListRequest) async throws(KubernetesError) -> ObjectList<Object> {
        try await path.request { path throws(KubernetesError) in try await list(request, at: path) }
    }

    private func list(_ request: ListRequest, at path: String) async throws(KubernetesError) -> ObjectList<Object> {
        let stream = try await client.stream(
            path, query: request.query + selection, idleTimeout: KubernetesClient.idleTimeout)
        var reader = ObjectListReader<Object>(filter: filter)
        do {
            for try await chunk in stream.body { try reader.read(chunk) }
            return try reader.finish()
        } catch let error as HTTPClientError {
            throw KubernetesError(error)
        } catch {
            throw KubernetesError(.unreadable, "GET \(client.server)\(path): \(DecodingProblem.line(error))")
        }
    }

    func watch(
        _ request: WatchRequest, _ receive: (WatchEvent<Object>) -> Bool
    ) async throws(KubernetesError) {
        try await path.request { path throws(KubernetesError) in try await watch(request, at: path, receive) }
    }

    private func watch(
        _ request: WatchRequest, at path: String, _ receive: (WatchEvent<Object>) -> Bool
    ) async throws(KubernetesError) {
        let stream = try await client.stream(path, query: request.query + selection, idleTimeout: longestSilence)
        var lines = stream.lines.makeAsyncIterator()
        while let line = try await next(&lines) {
            let event: WatchEvent<Object>
            do {
                event = try WatchEvent(line: line, filter: filter)
            } catch {
                throw KubernetesError(
                    .unreadable, "GET \(client.server)\(path): watch event: \(DecodingProblem.line(error))")
            }
            guard receive(event) else { return }
        }
    }

    private func next(_ lines: inout HTTPStream.Lines.AsyncIterator) async throws(KubernetesError) -> [UInt8]? {
        do throws(HTTPClientError) {
            return try await lines.next()
        } catch {
            // Not a failure: the next watch continues from the last version. Some servers send no bookmarks.
            if error.code == .idleTimedOut { return nil }
            throw KubernetesError(error)
        }
    }
}

extension ListRequest {
    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let limit { query.append(("limit", "\(limit)")) }
        if let continuing { query.append(("continue", continuing)) }
        if !resourceVersion.isEmpty {
            query.append(("resourceVersion", resourceVersion))
            // Without it, a version with a limit means exactly that version (k8s API concepts).
            if resourceVersion != "0", limit != nil { query.append(("resourceVersionMatch", "NotOlderThan")) }
        }
        return query
    }
}

extension WatchRequest {
    var query: [(name: String, value: String)] {
        [
            ("watch", "1"), ("resourceVersion", resourceVersion), ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", "\(timeoutSeconds)"),
        ]
    }
}
