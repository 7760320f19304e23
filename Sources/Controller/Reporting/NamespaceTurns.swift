/// The order of the writes for several namespaces. They take turns, so that a namespace with thousands of changes, or
/// with new ones all the time, does not delay the others. Pure: time is passed in.
struct NamespaceTurns {
    /// When each namespace was last served.
    private var served: [String: ContinuousClock.Instant] = [:]

    /// First the first element of each namespace, the namespace that has waited for longest first; then the second
    /// element of each, and so on.
    ///
    /// - Parameter elements: within a namespace, they stay in this order.
    func inTurn<Element>(_ elements: [Element], namespace: (Element) -> String) -> [Element] {
        var counts: [String: Int] = [:]
        let ranks = elements.map { element in
            let namespace = namespace(element)
            counts[namespace, default: 0] += 1
            return (rank: counts[namespace] ?? 0, served: served[namespace])
        }
        return elements.indices.sorted { first, second in
            let (left, right) = (ranks[first], ranks[second])
            guard left.rank == right.rank else { return left.rank < right.rank }
            switch (left.served, right.served) {
            case (let left?, let right?) where left != right: return left < right
            case (nil, .some): return true
            case (.some, nil): return false
            default: return first < second
            }
        }.map { elements[$0] }
    }

    mutating func serve(_ namespace: String, at now: ContinuousClock.Instant) { served[namespace] = now }

    /// Forgets the other namespaces, which have nothing to write.
    mutating func keep(_ namespaces: Set<String>) { served = served.filter { namespaces.contains($0.key) } }
}
