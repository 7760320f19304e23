internal import KubernetesAPI

extension ReflectorMachine {
    enum Request: Equatable {
        case list(ListRequest)
        case watch(WatchRequest)
        case wait(Duration)
    }

    /// What the present state asks for.
    /// - Parameter random: in 0..<1.
    func request(random: Double) -> Request {
        switch state {
        case .listing(let from): .list(ListRequest(resourceVersion: from, limit: ListRequest.pageSize))
        // A continue token carries the list's version in itself; the server refuses another beside it.
        case .paging(let next, _, _): .list(ListRequest(limit: ListRequest.pageSize, continuing: next))
        case .listingWhole(let from): .list(ListRequest(resourceVersion: from))
        case .watching(let from): .watch(WatchRequest(resourceVersion: from, random: random))
        case .waiting(let duration, _): .wait(duration)
        }
    }
}
