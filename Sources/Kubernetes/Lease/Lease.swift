internal import Foundation
internal import KubernetesAPI

/// The fields of a coordination.k8s.io/v1 Lease that an election uses.
struct Lease: Sendable, Equatable, Codable {
    struct Metadata: Sendable, Equatable, Codable {
        var name: String?
        var namespace: String?
        /// In a patch, the server rejects it (409) if another replica has written the lease since.
        var resourceVersion: String?
    }

    /// The times come from the holder's clock. They are compared for equality only.
    struct Spec: Sendable, Equatable, Codable {
        /// Empty if the lease is released.
        var holderIdentity: String?
        var leaseDurationSeconds: Int?
        var acquireTime: String?
        var renewTime: String?
        var leaseTransitions: Int?
    }

    var metadata: Metadata
    var spec: Spec?

    var resourceVersion: String { metadata.resourceVersion ?? "" }
}

extension Lease {
    /// meta/v1 MicroTime: RFC 3339 with microseconds.
    static func time(_ date: Date) -> String {
        let micros = Int((date.timeIntervalSince1970 * 1_000_000).rounded(.down))
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        let whole = Date(timeIntervalSince1970: Double(micros / 1_000_000)).formatted(.iso8601)
        return "\(whole.dropLast()).\(fraction)Z"
    }
}
