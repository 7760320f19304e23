/// The format of durations in Vault: whole seconds (`90`), or numbers with units as in Go (`1h30m`, `1.5s`, `100ms`).
enum GoDuration {
    private static let units: [(name: String, seconds: Double)] = [
        // Longer names first: `ms` is not `m`.
        ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1),
    ]

    static func parse(_ text: String) -> Duration? {
        if let seconds = Int(text) { return .seconds(seconds) }
        var rest = text[...]
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            guard let value = Double(number), let unit = units.first(where: { rest.hasPrefix($0.name) }) else {
                return nil
            }
            rest = rest.dropFirst(unit.name.count)
            total += value * unit.seconds
        }
        return total < 1e12 ? .seconds(total) : nil
    }
}
