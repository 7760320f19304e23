/// What was taken out and put in between two lists of lines.
///
/// Patience diff (Bram Cohen): lines that occur once on both sides hold the rest in place, which follows the blocks of
/// a configuration, and stays fast where much has changed.
struct LineDiff {
    struct Change: Equatable {
        /// Indexes into the old and the new lines; one of them may be empty.
        var old: Range<Int>
        var new: Range<Int>
    }

    /// Sorted; between two changes the lines are the same.
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

    /// Without what both begin and end with.
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

    /// The lines that occur once on both sides, as many as are in the same order on both.
    private func anchors(_ oldRange: Range<Int>, _ newRange: Range<Int>) -> [(old: Int, new: Int)] {
        let inNew = unique(new, newRange)
        let pairs = unique(old, oldRange).compactMap { line, index in inNew[line].map { (old: index, new: $0) } }
            .sorted { $0.old < $1.old }
        // The longest increasing run of new indexes, by piles (patience sorting).
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
