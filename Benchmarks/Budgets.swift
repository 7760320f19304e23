/// Flags for more hosts than one pod of the shipped size serves.
enum Budgets {
    static let unlimited = [
        "--max-hosts", "1000000", "--max-paths", "1000000", "--max-configuration-size", "1g",
        "--max-namespace-hosts", "1000000", "--max-namespace-paths", "1000000",
        "--max-namespace-configuration-size", "1g",
    ]
}
