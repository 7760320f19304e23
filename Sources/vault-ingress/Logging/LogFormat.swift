/// The format of log lines.
enum LogFormat: String, CaseIterable {
    /// One JSON object per line.
    case json
    /// For people at a terminal.
    case text
}
