internal import Basics

extension AuditRecord.CauseEntry {
    /// `Ingress shop/web modified by kubectl`: for a table.
    var brief: String { "\(kind) \(object) \(change)" + (manager.map { " by \($0)" } ?? "") }

    /// For a sentence. The manager is who wrote the object last: of one that was deleted, not who deleted it.
    var sentence: String {
        let version =
            resourceVersion.isEmpty
            ? "" : " (\(kind == "Certificate" ? "version" : "resourceVersion") \(resourceVersion))"
        return "\(kind) \(object) was \(change)\(version)" + (manager.map { ", last written by \($0)" } ?? "")
    }
}

extension Array {
    /// The first few, and how many more there are.
    ///
    /// - Parameter count: how long the list was before it was cut.
    func listed(_ limit: Int = 3, of count: Int? = nil, _ text: (Element) -> String) -> String {
        let shown = prefix(limit).map(text).joined(separator: ", ")
        let rest = (count ?? self.count) - Swift.min(limit, self.count)
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }
}

extension String {
    /// Safe on a terminal: what stands in the log comes from whoever may create an Ingress.
    public var printable: String {
        unicodeScalars.contains(where: \.isControl)
            ? unicodeScalars.map { $0.isControl ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
            : self
    }
}
