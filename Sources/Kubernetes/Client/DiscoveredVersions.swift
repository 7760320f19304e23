internal import KubernetesAPI
public import Logging

/// The API versions of the server, discovered on first use, and again when the server no longer has one of them.
public actor DiscoveredVersions {
    private let client: KubernetesClient
    private let logger: Logger
    private var known: APIVersions?
    private var logged: APIVersions?

    public init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    public func get() async throws(KubernetesError) -> APIVersions {
        if let known { return known }
        let found = try await client.discoverVersions()
        known = found
        if found != logged {
            logged = found
            logger.info(
                "API versions discovered",
                metadata: [
                    "ingress_version": "\(found.ingress)", "ingress_class_version": "\(found.ingressClass ?? "none")",
                ])
        }
        return found
    }

    /// The server no longer has a version, as after an upgrade.
    func forget(_ version: String) {
        guard let known, known.ingress == version || known.ingressClass == version else { return }
        logger.warning("API version is gone, discovering again", metadata: ["api_version": "\(version)"])
        self.known = nil
    }
}

/// The API version of one kind.
actor DiscoveredVersion {
    private let find: @Sendable () async throws(KubernetesError) -> String?
    private var known: String?

    init(_ known: String, find: @escaping @Sendable () async throws(KubernetesError) -> String?) {
        self.known = known
        self.find = find
    }

    /// - Throws: `.unreadable` also if the server no longer has the kind.
    func get() async throws(KubernetesError) -> String {
        if let known { return known }
        guard let found = try await find() else {
            throw KubernetesError(.unreadable, "expected the kind in some API version, found it in none")
        }
        known = found
        return found
    }

    func forget() { known = nil }
}
