public import Basics
import HTTPClient

/// One version of a secret.
public struct SecretVersion: Sendable, Equatable {
    /// The fields with text values, and lists of texts as one line each (`ca_chain` of the PKI engine). Others are omitted.
    public let fields: [String: Secret]
    /// Nil in KV 1, which has no versions.
    public let version: KVVersion?
}

/// The current version of a secret, from its metadata.
public enum CurrentVersion: Sendable, Equatable {
    case version(KVVersion)
    /// The secret does not exist.
    case none
    /// Unknown without a read: KV 1, a policy without `metadata`, or a version with a deletion time.
    case unknown
}

/// The result of a conditional read.
public enum ConditionalSecret: Sendable, Equatable {
    /// The known version is still the current one.
    case unchanged
    /// The secret does not exist, or its latest version is deleted.
    case absent
    case found(SecretVersion)
}

extension VaultClient {
    /// Reads a secret unless its current version is the known one.
    ///
    /// - Parameter known: nil to read it in any case.
    public func readSecret(
        _ path: String, unlessVersion known: KVVersion?
    ) async throws(VaultError) -> ConditionalSecret {
        if let known, try await currentVersion(path) == .version(known) { return .unchanged }
        guard let secret = try await readSecret(path) else { return .absent }
        return .found(secret)
    }

    /// Reads a secret: `secret/ssl/shop.example.com`. In KV 2, the path may have `data/` or `metadata/` after the mount;
    /// in KV 1 these are folders like others.
    ///
    /// - Returns: nil if the secret does not exist or its latest version is deleted.
    public func readSecret(_ path: String) async throws(VaultError) -> SecretVersion? {
        let mount = try await mount(of: path)
        if mount.version == 2 {
            return try await readVersion2(path, of: mount)
        }
        struct Answer: Decodable {
            var data: TextFields
        }
        let response = try await call(try .get(path))
        if try Self.isAbsent(response, path: path) { return nil }
        // A path with `data/` in a KV 2 engine whose version the policy does not allow to detect.
        if mount.path.isEmpty, configuration.kvVersion == nil, path.contains("/data/"),
            let answer = try? response.decode(Version2Answer.self, path: path)
        {
            return answer.secret
        }
        return SecretVersion(fields: try response.decode(Answer.self, path: path).data.fields, version: nil)
    }

    private func readVersion2(_ path: String, of mount: KVMount) async throws(VaultError) -> SecretVersion? {
        let request = try VaultRequest.get(try Self.path(path, of: mount, below: "data/"))
        let response = try await call(request)
        // A deleted version is also a 404, with its metadata as `data`.
        if try Self.isAbsent(response, path: request.path) { return nil }
        return try response.decode(Version2Answer.self, path: request.path).secret
    }

    /// The version that `readSecret` would return, if the metadata contains it.
    public func currentVersion(_ path: String) async throws(VaultError) -> CurrentVersion {
        struct Answer: Decodable {
            struct Version: Decodable {
                var created: String?
                var deletionTime: String
                var destroyed: Bool

                enum CodingKeys: String, CodingKey {
                    case destroyed
                    case created = "created_time"
                    case deletionTime = "deletion_time"
                }
            }
            struct Metadata: Decodable {
                var current: Int
                var versions: [String: Version]

                enum CodingKeys: String, CodingKey {
                    case versions
                    case current = "current_version"
                }
            }
            var data: Metadata
        }
        let mount = try await mount(of: path)
        guard mount.version == 2, !mounts.isMetadataDenied(of: mount, generation: try await generation()) else {
            return .unknown
        }
        let request = try VaultRequest.get(try Self.path(path, of: mount, below: "metadata/"))
        let (response, generation) = try await tryCall(request)
        if response.status == 403 {
            mounts.denyMetadata(of: mount, generation: generation)
            return .unknown
        }
        if try Self.isAbsent(response, path: request.path) { return .none }
        let metadata = try response.decode(Answer.self, path: request.path).data
        guard metadata.current > 0, let version = metadata.versions[String(metadata.current)] else {
            return .none
        }
        // The deletion time may be in the future (delete_version_after), by the server's clock.
        if version.destroyed || !version.deletionTime.isEmpty { return .unknown }
        return version.created.map { .version(KVVersion(number: metadata.current, created: $0)) } ?? .unknown
    }

    private static func path(_ path: String, of mount: KVMount, below folder: String) throws(VaultError) -> String {
        guard let rest = mount.remainder(of: path) else {
            throw .invalidPath(path: path, reason: "it has no part below the engine \(mount.path)")
        }
        return mount.path + folder + rest
    }

    /// True if the response is a 404 without errors. A 404 with errors means that no engine is mounted at the path.
    private static func isAbsent(_ response: HTTPResponse, path: String) throws(VaultError) -> Bool {
        guard response.status == 404 else { return false }
        let body = VaultError.Body(response)
        if body.warnings?.contains(where: { $0.contains("versioned K/V") }) == true {
            throw .versionedEngine(path: path)
        }
        if !body.detail.isEmpty { throw .notFound(path: path, detail: body.detail) }
        return true
    }
}

/// The answer of KV 2 to a read.
private struct Version2Answer: Decodable {
    struct Metadata: Decodable {
        var version: Int
        var created: String?

        enum CodingKeys: String, CodingKey {
            case version
            case created = "created_time"
        }
    }
    struct Content: Decodable {
        var data: TextFields?
        var metadata: Metadata
    }
    var data: Content

    var secret: SecretVersion? {
        let version = data.metadata.created.map { KVVersion(number: data.metadata.version, created: $0) }
        return data.data.map { SecretVersion(fields: $0.fields, version: version) }
    }
}

/// The members of an object that are texts, or lists of texts.
private struct TextFields: Decodable {
    private struct Text: Decodable {
        var secret: Secret?

        init(from decoder: any Decoder) throws {
            secret = (try? Secret(from: decoder)) ?? Self.lines(from: decoder)
        }

        private static func lines(from decoder: any Decoder) -> Secret? {
            guard let texts = try? [String](from: decoder), !texts.isEmpty else { return nil }
            return Secret(texts.joined(separator: "\n"))
        }
    }

    let fields: [String: Secret]

    init(from decoder: any Decoder) throws {
        fields = try decoder.singleValueContainer().decode([String: Text].self).compactMapValues(\.secret)
    }
}
