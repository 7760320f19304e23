/// A line of nginx's own: `nginx: [emerg] unknown directive "x" in /path/nginx.conf:12`, with or without a time.
public struct NginxMessage: Sendable, Equatable {
    /// From the level on: `[emerg] unknown directive "x" in …`.
    public let text: String
    /// The place that the message names.
    public let file: String?
    public let line: Int?

    /// Nil for a line that reports no error.
    public init?(_ line: some StringProtocol) {
        let line = String(line)
        guard
            let start = line.firstRange(of: "[emerg]") ?? line.firstRange(of: "[alert]")
                ?? line.firstRange(of: "[crit]") ?? line.firstRange(of: "[error]")
        else { return nil }
        // Without the process and connection numbers, so that the same problem has the same words.
        text = String(line[start.lowerBound...]).replacing(#/^(\[\w+\]) \d+#\d+: (?:\*\d+ )?/#) { "\($0.1) " }
        let place = text.firstMatch(of: #/ in (/\S+):(\d+)$/#)
        file = place.map { String($0.1) }
        self.line = place.flatMap { Int($0.2) }
    }

    /// Whether memory, files or space ran out (errno(3): EIO, ENOMEM, ENFILE, EMFILE, ENOSPC, EROFS, EDQUOT), which says
    /// nothing about the configuration. nginx writes the error at the end, behind all that it quotes.
    public var isAboutMachine: Bool {
        text.contains(#/ \((?:5|12|23|24|28|30|122): [A-Za-z\/ -]+\)(?: in \S+:\d+)?$/#)
    }

    /// The first emergency, else the first alert or error: what made nginx give up.
    public static func worst(in output: String) -> NginxMessage? {
        let messages = output.split(whereSeparator: \.isNewline).compactMap { NginxMessage($0) }
        return messages.first { $0.text.hasPrefix("[emerg]") } ?? messages.first
    }
}
