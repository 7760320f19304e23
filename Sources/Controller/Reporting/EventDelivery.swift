internal import Foundation
internal import Kubernetes
internal import KubernetesAPI

/// What it takes of an API server to tell Events.
protocol EventAPI: Sendable {
    func create(_ event: Event) async throws(KubernetesError)
    func occurrence(of event: ObjectKey) async throws(KubernetesError) -> EventOccurrence?
    func countUp(_ event: ObjectKey, after last: EventOccurrence, time: Date) async throws(KubernetesError)
}

extension KubernetesClient: EventAPI {}

/// Tells one Event so that it is told once, whoever tells it and however often.
struct EventDelivery {
    enum Outcome: Equatable {
        /// By this replica now, or by whoever was faster.
        case told
        /// The server does not want it, and will not.
        case dropped(KubernetesError)
        /// Worth another try.
        case failed(KubernetesError)
    }

    let api: any EventAPI

    /// - Parameter began: an Event of that name from before counts up.
    func tell(_ event: Event, began: Date) async -> Outcome {
        do throws(KubernetesError) {
            try await create(event, began: began)
            return .told
        } catch {
            return EventDelivery.outcome(of: error)
        }
    }

    private func create(_ event: Event, began: Date) async throws(KubernetesError) {
        do throws(KubernetesError) {
            try await api.create(event)
        } catch {
            guard error.status?.code == 409 else { throw error }
            guard began > .distantPast else { return }
            guard let last = try await api.occurrence(of: event.key) else {
                // Forgotten between the two requests.
                return try await api.create(event)
            }
            // The server keeps whole seconds.
            guard last.last.timeIntervalSince1970 < began.timeIntervalSince1970.rounded(.down) else { return }
            try await api.countUp(event.key, after: last, time: event.time)
        }
    }

    /// | answer | |
    /// |---|---|
    /// | 409 | somebody else was faster: told |
    /// | 400, 403, 404, 413, 422 | not a valid Event, not allowed, or the namespace is (being) deleted: dropped |
    /// | anything else, or none | failed |
    static func outcome(of error: KubernetesError) -> Outcome {
        switch error.status?.code {
        case 409: .told
        case 400, 403, 404, 413, 422: .dropped(error)
        default: .failed(error)
        }
    }
}
