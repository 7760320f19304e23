/// The difference between two lists of lines.
///
/// Patience diff (Bram Cohen): lines that occur once on both sides anchor the rest. That follows the blocks of a
/// configuration, and is fast for large differences.
struct LineDiff {
    struct Change: Equatable {
        /// Indexes of the old and the new lines; one of the ranges may be empty.
        var old: Range<Int>
        var new: Range<Int>
    }

    /// Sorted. The lines between two changes are equal.
    private(set) var changes: [Change] = []
    private let old: [Substring]
    private let new: [Substring]

    init(_ old: [Substring], _ new: [Substring]) {
        self.old = old
        self.new = new
        var work = [(old.indices, new.indices)]
        while let (oldRange, newRange) = work.popLast() {
            let (oldRest, newRest) = trim(oldRange, newRange)
            if oldRest.isEmpty && newRest.isEmpty { continue }
            let anchors = oldRest.isEmpty || newRest.isEmpty ? [] : anchors(oldRest, newRest)
            if anchors.isEmpty {
                changes.append(Change(old: oldRest, new: newRest))
                continue
            }
            var (oldStart, newStart) = (oldRest.lowerBound, newRest.lowerBound)
            for (oldAnchor, newAnchor) in anchors {
                work.append((oldStart..<oldAnchor, newStart..<newAnchor))
                (oldStart, newStart) = (oldAnchor + 1, newAnchor + 1)
            }
            work.append((oldStart..<oldRest.upperBound, newStart..<newRest.upperBound))
        }
        changes.sort { ($0.old.lowerBound, $0.new.lowerBound) < ($1.old.lowerBound, $1.new.lowerBound) }
    }

    /// Removes the common prefix and suffix.
    private func trim(_ oldRange: Range<Int>, _ newRange: Range<Int>) -> (Range<Int>, Range<Int>) {
        var (old, new) = (oldRange, newRange)
        while let first = old.first, let other = new.first, self.old[first] == self.new[other] {
            (old, new) = (old.dropFirst(), new.dropFirst())
        }
        while let last = old.last, let other = new.last, self.old[last] == self.new[other] {
            (old, new) = (old.dropLast(), new.dropLast())
        }
        return (old, new)
    }

    /// The longest sequence of lines that occur once on both sides, in the same order.
    private func anchors(_ oldRange: Range<Int>, _ newRange: Range<Int>) -> [(old: Int, new: Int)] {
        let inNew = unique(new, newRange)
        let pairs = unique(old, oldRange).compactMap { line, index in inNew[line].map { (old: index, new: $0) } }
            .sorted { $0.old < $1.old }
        // The longest increasing subsequence of new indexes, by patience sorting.
        var piles: [Int] = []
        var previous = [Int?](repeating: nil, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var (low, high) = (0, piles.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[piles[middle]].new < pair.new { low = middle + 1 } else { high = middle }
            }
            previous[index] = low > 0 ? piles[low - 1] : nil
            if low == piles.count { piles.append(index) } else { piles[low] = index }
        }
        var found: [(old: Int, new: Int)] = []
        var next = piles.last
        while let index = next {
            found.append(pairs[index])
            next = previous[index]
        }
        return found.reversed()
    }

    private func unique(_ lines: [Substring], _ range: Range<Int>) -> [Substring: Int] {
        var found: [Substring: Int?] = [:]
        for index in range {
            found.updateValue(found.keys.contains(lines[index]) ? .none : .some(index), forKey: lines[index])
        }
        return found.compactMapValues { $0 }
    }
}
