/// Divides one budget max-min between namespaces: the largest namespace is cut first, and in it the youngest item. A
/// namespace that needs no more than its share is never cut, whatever the others do.
struct BudgetShare {
    struct Item {
        var namespace: String
        var amount: Int
    }

    enum Scope: Sendable, Equatable {
        case total
        case namespace
    }

    let total: Int
    let namespace: Int

    /// - Parameter items: oldest first.
    /// - Returns: the indexes of the items that are cut, with the limit that cuts each.
    func cuts(_ items: [Item]) -> [Int: Scope] {
        var cuts: [Int: Scope] = [:]
        var uses: [String: NamespaceUse] = [:]
        for (index, item) in items.enumerated() where item.amount > 0 {
            // It would fit in no case, so it does not take the place of others.
            if item.amount > min(namespace, total) {
                cuts[index] = item.amount > namespace ? .namespace : .total
            } else {
                uses[item.namespace, default: NamespaceUse(name: item.namespace)].add(index, item.amount)
            }
        }
        // Ascending.
        var sorted: [NamespaceUse] = []
        for var use in uses.values {
            while use.sum > namespace { cuts[use.removeYoungest(items)] = .namespace }
            sorted.append(use)
        }
        var sum = sorted.reduce(0) { $0 + $1.sum }
        guard sum > total else { return cuts }
        sorted.sort()
        while sum > total, var largest = sorted.popLast() {
            let index = largest.removeYoungest(items)
            sum -= items[index].amount
            cuts[index] = .total
            let place = sorted.partitioningIndex { largest < $0 }
            sorted.insert(largest, at: place)
        }
        return cuts
    }

    /// The items of one namespace that are not cut.
    private struct NamespaceUse: Comparable {
        let name: String
        var sum = 0
        /// Ascending; each has an amount.
        var items: [Int] = []

        mutating func add(_ index: Int, _ amount: Int) {
            items.append(index)
            sum += amount
        }

        mutating func removeYoungest(_ all: [Item]) -> Int {
            let index = items.removeLast()
            sum -= all[index].amount
            return index
        }

        /// Of two namespaces of one size, the one with the youngest item is the larger one.
        static func < (left: NamespaceUse, right: NamespaceUse) -> Bool {
            (left.sum, left.items.last ?? -1) < (right.sum, right.items.last ?? -1)
        }
    }
}

extension Array {
    /// The index of the first element for which the condition holds; it holds for all after it.
    fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
