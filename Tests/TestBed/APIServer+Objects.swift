import HTTPClient

extension APIServer {
    /// The path of an object, by its `apiVersion`, `kind` and `metadata`. The default namespace is
    /// `default`.
    public func path(of object: JSON) async throws -> String {
        guard let apiVersion = object["apiVersion"].string, let kind = object["kind"].string,
            let name = object["metadata"]["name"].string
        else { throw BedError("expected apiVersion, kind and metadata.name, found: \(object)") }
        let resource = try await resource(apiVersion: apiVersion, kind: kind)
        let namespace = object["metadata"]["namespace"].string ?? "default"
        return Self.root(apiVersion) + (resource.isNamespaced ? "/namespaces/\(namespace)" : "")
            + "/\(resource.plural)/\(name)"
    }

    /// Creates an object, or merges it into the existing one (RFC 7396). Not by server-side apply: that of 1.20 rejects
    /// Services whose ports have no protocol.
    ///
    /// - Parameters:
    ///   - manager: the field manager.
    ///   - dryRun: validate the object, but do not store it.
    /// - Returns: the stored object.
    @discardableResult
    public func apply(_ object: JSON, manager: String = "bed", dryRun: Bool = false) async throws -> JSON {
        let path = try await path(of: object)
        let query = "?fieldManager=\(manager)" + (dryRun ? "&dryRun=All" : "")
        let collection = path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)
        let created = try await send("POST", collection + query, body: object)
        if created.status != 409 { return try success(created, "POST \(collection)") }
        return try await call(
            "PATCH", path + query, body: object, contentType: "application/merge-patch+json")
    }

    /// Applies all documents of a YAML text in order.
    @discardableResult
    public func apply(yaml: String, dryRun: Bool = false) async throws -> [JSON] {
        var results: [JSON] = []
        for document in try JSON.documents(yaml: yaml) {
            results.append(try await apply(document, dryRun: dryRun))
        }
        return results
    }

    /// Merges `change` into an object (RFC 7396).
    @discardableResult
    public func patch(_ object: JSON, _ change: JSON) async throws -> JSON {
        try await call(
            "PATCH", try await path(of: object), body: change, contentType: "application/merge-patch+json")
    }

    /// Deletes the object with the kind and name of `object`.
    public func delete(_ object: JSON) async throws {
        try await call("DELETE", try await path(of: object))
    }

    /// Reads an object; nil if it does not exist.
    public func get(_ object: JSON) async throws -> JSON? {
        let path = try await path(of: object)
        let response = try await send("GET", path)
        switch response.status {
        case 200: return try JSON(parsing: response.body)
        case 404: return nil
        default: throw BedError("GET \(path): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
    }

    /// Requests a token of an existing ServiceAccount, as a pod has it (TokenRequest).
    /// - Parameter audience: nil for the API server.
    public func token(
        serviceAccount name: String, namespace: String, seconds: Int = 3600, audience: String? = nil
    ) async throws -> String {
        var spec: JSON = ["expirationSeconds": .integer(seconds)]
        if let audience { spec["audiences"] = [.string(audience)] }
        let answer = try await call(
            "POST", "/api/v1/namespaces/\(namespace)/serviceaccounts/\(name)/token",
            body: ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec])
        guard let token = answer["status"]["token"].string else {
            throw BedError("the response has no token: \(answer)")
        }
        return token
    }
}
