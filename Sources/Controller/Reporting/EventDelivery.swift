internal import Foundation
internal import Kubernetes
internal import KubernetesAPI

/// The requests to the API server that are necessary to send Events.
protocol EventAPI: Sendable {
    func create(_ event: Event) async throws(KubernetesError)
    func occurrence(of event: ObjectKey) async throws(KubernetesError) -> EventOccurrence?
    func countUp(_ event: ObjectKey, after last: EventOccurrence, time: Date) async throws(KubernetesError)
}

extension KubernetesClient: EventAPI {}

/// Sends an Event in such a way that it is stored once, however many replicas send it and however often.
struct EventDelivery {
    enum Outcome: Equatable {
        /// Stored, by this replica or by another one.
        case sent
        /// Rejected by the API server; another attempt would be rejected too.
        case dropped(KubernetesError)
        /// Another attempt may succeed.
        case failed(KubernetesError)
    }

    let api: any EventAPI

    /// - Parameter began: the count of an Event with the same name that is older than this is increased.
    func send(_ event: Event, began: Date) async -> Outcome {
        do throws(KubernetesError) {
            try await create(event, began: began)
            return .sent
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
                // The API server deleted it between the two requests.
                return try await api.create(event)
            }
            // The API server stores whole seconds.
            guard last.last.timeIntervalSince1970 < began.timeIntervalSince1970.rounded(.down) else { return }
            try await api.countUp(event.key, after: last, time: event.time)
        }
    }

    /// | answer | outcome |
    /// |---|---|
    /// | 409 | sent: another replica was faster |
    /// | 400, 403, 404, 413, 422 | dropped: invalid, not allowed, or the namespace is being deleted |
    /// | any other, or none | failed |
    static func outcome(of error: KubernetesError) -> Outcome {
        switch error.status?.code {
        case 409: .sent
        case 400, 403, 404, 413, 422: .dropped(error)
        default: .failed(error)
        }
    }
}
