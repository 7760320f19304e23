/// An annotation by which another controller protects a host. This program does not honour it, so the host is closed
/// until the annotation is removed.
struct ForeignProtection: Sendable, Equatable {
    /// Which values protect.
    enum Values: Sendable, Equatable {
        /// All but the empty text and a word for "no".
        case any
        /// All but those of `any` and a list with `0.0.0.0/0`, which allows everybody.
        case addresses
        /// A configuration text with one of these directives.
        case directives([String])
    }

    /// As in `metadata.annotations`.
    let name: String
    let values: Values
    /// The annotation of this program with the same effect; nil if there is none.
    let equivalent: Annotation?

    /// True if the annotation with this value protects the host.
    func protects(_ value: String) -> Bool {
        let word = value.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        guard !["", "false", "off", "no", "none", "0", "disabled"].contains(word) else { return false }
        switch values {
        case .any: return true
        case .addresses: return !word.split(separator: ",").contains("0.0.0.0/0")
        case .directives(let directives): return directives.contains { value.contains($0) }
        }
    }

    /// The effect, and what to do.
    var explanation: String {
        let remedy =
            equivalent.map { "replace it with \($0.name), or remove it" }
            ?? "remove it; no annotation of vault-ingress has its effect, so let the application check requests"
        return "protects the hosts in another controller and is not honoured by vault-ingress; "
            + "they answer 503 until it is removed: \(remedy)"
    }
}

extension ForeignProtection {
    static func isKnown(_ name: String) -> Bool { byName[name] != nil }

    /// The annotations among these that protect the hosts, sorted by name.
    static func found(in annotations: [String: String]) -> [(protection: ForeignProtection, value: String)] {
        annotations.compactMap { name, value in
            byName[name].flatMap { $0.protects(value) ? ($0, value) : nil }
        }.sorted { $0.0.name < $1.0.name }
    }
}
