internal import Basics

extension AuditRecord.CauseEntry {
    /// The cause in a table: `Ingress shop/web modified by kubectl`.
    var brief: String { "\(kind) \(object) \(change)" + (manager.map { " by \($0)" } ?? "") }

    /// The cause in a sentence. The manager wrote the object last, but did not necessarily delete it.
    var sentence: String {
        let version =
            resourceVersion.isEmpty
            ? "" : " (\(kind == "Certificate" ? "version" : "resourceVersion") \(resourceVersion))"
        return "\(kind) \(object) was \(change)\(version)" + (manager.map { ", last written by \($0)" } ?? "")
    }
}

extension Array {
    /// The first elements, and the number of the others.
    ///
    /// - Parameter count: the length of the list before it was cut.
    func listed(_ limit: Int = 3, of count: Int? = nil, _ text: (Element) -> String) -> String {
        let shown = prefix(limit).map(text).joined(separator: ", ")
        let rest = (count ?? self.count) - Swift.min(limit, self.count)
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }
}

extension String {
    /// The text without control characters, which could harm a terminal: anyone who may create an Ingress can write to
    /// the log.
    public var printable: String {
        unicodeScalars.contains(where: \.isControl)
            ? unicodeScalars.map { $0.isControl ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
            : self
    }
}
