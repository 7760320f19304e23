/// How log lines are written.
enum LogFormat: String, CaseIterable {
    /// One JSON object a line.
    case json
    /// For people at a terminal.
    case text
}
