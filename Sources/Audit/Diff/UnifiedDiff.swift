/// The difference between two texts in the format of `diff -u`.
public enum UnifiedDiff {
    private static let context = 3

    /// - Parameters:
    ///   - old: nil if the file does not exist; its name is then `/dev/null`.
    ///   - oldName: the name after `---`.
    /// - Returns: an empty text if the files are equal.
    public static func text(old: String?, oldName: String, new: String?, newName: String) -> String {
        guard old != new else { return "" }
        let (oldLines, newLines) = (lines(old), lines(new))
        var text = "--- \(old == nil ? "/dev/null" : oldName)\n+++ \(new == nil ? "/dev/null" : newName)\n"
        for hunk in hunks(LineDiff(oldLines, newLines).changes) {
            let first = max(0, hunk[0].old.lowerBound - context)
            let offset = hunk[0].new.lowerBound - hunk[0].old.lowerBound
            let oldRange = first..<min(oldLines.count, hunk[hunk.count - 1].old.upperBound + context)
            let newRange = (first + offset)..<min(newLines.count, hunk[hunk.count - 1].new.upperBound + context)
            text += "@@ -\(place(oldRange)) +\(place(newRange)) @@\n"
            var position = first
            for change in hunk {
                text += oldLines[position..<change.old.lowerBound].map { " \($0)\n" }.joined()
                text += oldLines[change.old].map { "-\($0)\n" }.joined()
                text += newLines[change.new].map { "+\($0)\n" }.joined()
                position = change.old.upperBound
            }
            text += oldLines[position..<oldRange.upperBound].map { " \($0)\n" }.joined()
        }
        return text
    }

    private static func lines(_ text: String?) -> [Substring] {
        var lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// Groups the changes whose contexts touch.
    private static func hunks(_ changes: [LineDiff.Change]) -> [[LineDiff.Change]] {
        changes.reduce(into: []) { hunks, change in
            if let last = hunks.last?.last, change.old.lowerBound - last.old.upperBound <= 2 * context {
                hunks[hunks.count - 1].append(change)
            } else {
                hunks.append([change])
            }
        }
    }

    /// The range counted from 1; for an empty range, the line before it.
    private static func place(_ range: Range<Int>) -> String {
        "\(range.isEmpty ? range.lowerBound : range.lowerBound + 1),\(range.count)"
    }
}
