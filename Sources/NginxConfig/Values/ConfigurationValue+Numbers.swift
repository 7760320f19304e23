public import Routing

struct Count: ConfigurationValue {
    let number: Int

    var configurationText: String { String(number) }
}

/// A duration in nginx's syntax.
struct Milliseconds: ConfigurationValue {
    let duration: Duration

    var configurationText: String { "\(Int(duration / .milliseconds(1)))ms" }
}

/// A percentage in the syntax of `split_clients`.
struct Percentage: ConfigurationValue {
    let hundredths: Int

    var configurationText: String {
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)%"
    }
}

extension ByteSize: ConfigurationValue {
    public var configurationText: String { String(bytes) }
}

extension AddressRange: ConfigurationValue {
    public var configurationText: String { text }
}
