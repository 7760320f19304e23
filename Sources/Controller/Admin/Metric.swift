/// The description of one metric: everything that `/metrics` says about it.
struct Metric: Sendable {
    /// The type of Prometheus.
    enum Kind: String {
        case gauge, counter
    }

    enum Value: Sendable {
        case single(@Sendable (MetricsInput) -> Double)
        /// One value for each value of a label.
        case labelled(String, @Sendable (MetricsInput) -> [(String, Double)])
        /// One value for each pair of labels.
        case paired((String, String), @Sendable (MetricsInput) -> [(String, String, Int)])
    }

    /// The name without the prefix of this program.
    let name: String
    let kind: Kind
    let help: String
    let value: Value

    init(_ name: String, _ kind: Kind, _ help: String, _ value: @escaping @Sendable (MetricsInput) -> Double) {
        self.init(name, kind, help, .single(value))
    }

    /// - Parameter values: the value for each value of the label.
    init(
        _ name: String, _ kind: Kind, _ help: String, label: String,
        _ values: @escaping @Sendable (MetricsInput) -> [(String, Double)]
    ) {
        self.init(name, kind, help, .labelled(label, values))
    }

    /// - Parameter counts: the number for each pair of values of the labels.
    init(
        _ name: String, _ kind: Kind, _ help: String, labels: (String, String),
        _ counts: @escaping @Sendable (MetricsInput) -> [(String, String, Int)]
    ) {
        self.init(name, kind, help, .paired(labels, counts))
    }

    private init(_ name: String, _ kind: Kind, _ help: String, _ value: Value) {
        self.name = "vault_ingress_" + name
        self.kind = kind
        self.help = help
        self.value = value
    }

    /// The lines in Prometheus' text format 0.0.4.
    func text(_ input: MetricsInput) -> String {
        let head = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        switch value {
        case .single(let value):
            return head + "\(name) \(value(input))\n"
        case .labelled(let label, let values):
            return head + values(input).map { "\(name){\(label)=\"\($0)\"} \($1)\n" }.joined()
        case .paired(let (first, second), let counts):
            return head
                + counts(input).map { "\(name){\(first)=\"\($0)\",\(second)=\"\($1)\"} \(Double($2))\n" }.joined()
        }
    }
}
