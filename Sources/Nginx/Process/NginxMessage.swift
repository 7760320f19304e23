/// An error message of nginx: `nginx: [emerg] unknown directive "x" in /path/nginx.conf:12`, with or without a time.
public struct NginxMessage: Sendable, Equatable {
    /// The message without time, process and connection: `[emerg] unknown directive "x" in /path/nginx.conf:12`.
    public let text: String
    /// The configuration file and line that the message names, if it names one.
    public let file: String?
    public let line: Int?

    /// Reads a line of nginx's output; nil if it does not report an error.
    public init?(_ line: some StringProtocol) {
        let line = String(line)
        guard
            let start = line.firstRange(of: "[emerg]") ?? line.firstRange(of: "[alert]")
                ?? line.firstRange(of: "[crit]") ?? line.firstRange(of: "[error]")
        else { return nil }
        // Without the process and connection numbers, equal problems have equal texts.
        text = String(line[start.lowerBound...]).replacing(#/^(\[\w+\]) \d+#\d+: (?:\*\d+ )?/#) { "\($0.1) " }
        let place = text.firstMatch(of: Self.place)
        file = place.map { String($0.1) }
        self.line = place.flatMap { Int($0.2) }
    }

    /// True if memory, file descriptors or disk space ran out (errno(3): EIO, ENOMEM, ENFILE, EMFILE, ENOSPC, EROFS,
    /// EDQUOT): such a failure does not depend on the configuration. nginx writes the error code after everything that
    /// it quotes.
    public var isAboutMachine: Bool {
        Self.withoutPlace(text).contains(#/ \((?:5|12|23|24|28|30|122): [A-Za-z\/ -]+\)$/#)
    }

    /// True if memory ran out (ENOMEM).
    public var isAboutMemory: Bool { Self.withoutPlace(text).contains(#/ \(12: [A-Za-z\/ -]+\)$/#) }

    /// The message without ` in FILE:LINE` at its end, for files that no longer exist when someone reads the message.
    public static func withoutPlace(_ message: String) -> String {
        message.replacing(place, with: "")
    }

    private static var place: Regex<(Substring, Substring, Substring)> { #/ in (/\S+):(\d+)$/# }

    /// The first `[emerg]` message, else the first message with another level: the reason why nginx exits.
    public static func worst(in output: String) -> NginxMessage? {
        let messages = output.split(whereSeparator: \.isNewline).compactMap { NginxMessage($0) }
        return messages.first { $0.text.hasPrefix("[emerg]") } ?? messages.first
    }
}
