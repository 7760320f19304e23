/// A priority queue of elements by the time at which they are due; elements that are due at the same time keep the order
/// in which they were added. A binary heap: thousands of sources wait in it, and few of them are due at once.
struct DueQueue<Element> {
    typealias Instant = ContinuousClock.Instant

    private struct Item {
        var due: Instant
        var number: Int
        var element: Element

        func isBefore(_ other: Item) -> Bool { (due, number) < (other.due, other.number) }
    }

    private var heap: [Item] = []
    private var added = 0

    /// The time of the first element; nil if there is none.
    var nextDue: Instant? { heap.first?.due }
    var count: Int { heap.count }

    mutating func add(_ element: Element, due: Instant) {
        added += 1
        heap.append(Item(due: due, number: added, element: element))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Removes the first element if it is due.
    mutating func popDue(_ now: Instant) -> (element: Element, due: Instant)? {
        guard let first = heap.first, first.due <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least])
            {
                least = child
            }
            if least == parent { return (first.element, first.due) }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
