internal import Foundation
internal import KubernetesAPI

/// coordination.k8s.io/v1 Lease, as far as an election goes.
struct Lease: Sendable, Equatable, Codable {
    struct Metadata: Sendable, Equatable, Codable {
        var name: String?
        var namespace: String?
        /// Sent with a patch, it makes the server refuse (409) what somebody else was faster at.
        var resourceVersion: String?
    }

    /// Times are the holder's own, and nobody else's clock is held against them: they are compared for equality only.
    struct Spec: Sendable, Equatable, Codable {
        /// Empty after a release.
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
    /// meta/v1 MicroTime: six digits of a second.
    static func time(_ date: Date) -> String {
        let micros = Int((date.timeIntervalSince1970 * 1_000_000).rounded(.down))
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        let whole = Date(timeIntervalSince1970: Double(micros / 1_000_000)).formatted(.iso8601)
        return "\(whole.dropLast()).\(fraction)Z"
    }
}
