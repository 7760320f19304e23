internal import KubernetesAPI

extension ReflectorMachine {
    enum Request: Equatable {
        case list(ListRequest)
        case watch(WatchRequest)
        case wait(Duration)
    }

    /// The request of the current state.
    /// - Parameter random: in 0..<1.
    func request(random: Double) -> Request {
        switch state {
        case .listing(let from): .list(ListRequest(resourceVersion: from, limit: ListRequest.pageSize))
        // The token contains the version of the list; the server rejects a second one.
        case .paging(let next, _, _): .list(ListRequest(limit: ListRequest.pageSize, continuing: next))
        case .listingWhole(let from): .list(ListRequest(resourceVersion: from))
        case .watching(let from): .watch(WatchRequest(resourceVersion: from, random: random))
        case .waiting(let duration, _): .wait(duration)
        }
    }
}
