internal import Basics

/// Makes records of what nginx writes to its standard error: one for each message, bounded in length and rate. Pure:
/// time is passed in.
struct MessageStream {
    struct Record: Equatable {
        /// nginx's level, such as `error`; nil for text of another form, such as that of a library that aborts.
        var level: String?
        var pid: String?
        /// Not escaped: it may contain line ends.
        var text: String
    }

    /// What is not in a record, since the last summary.
    struct Summary: Equatable {
        /// The messages above the rate.
        var suppressed = 0
        /// How often the pipe was full. The number of messages that nginx dropped then is unknown.
        var overflows = 0
    }

    /// A burst, such as that of an outage of a backend, then a rate that a person could still read.
    static let burst = 500
    static let interval = Duration.milliseconds(20)
    /// The time from the first lost message to its summary.
    static let summaryDelay = Duration.seconds(10)

    private let isPacketized: Bool
    private var splitter = LineSplitter(maximumLength: MessagePipe.maximumLength, longLines: .cut)
    private var bucket: TokenBucket
    private var lost = Summary()
    /// When the summary is due; nil if nothing was lost.
    private(set) var summaryDue: ContinuousClock.Instant?

    /// - Parameter isPacketized: whether `read` gets whole messages.
    init(isPacketized: Bool, now: ContinuousClock.Instant) {
        self.isPacketized = isPacketized
        bucket = TokenBucket(burst: Self.burst, interval: Self.interval, now: now)
    }

    mutating func read(_ bytes: [UInt8], now: ContinuousClock.Instant) -> [Record] {
        var messages: [[UInt8]] = []
        if isPacketized {
            messages = [bytes]
        } else {
            splitter.append(bytes)
            while case .line(let line) = splitter.next() { messages.append(line) }
        }
        return messages.compactMap { message in
            let text = String(decoding: message, as: UTF8.self)
            guard let end = text.lastIndex(where: { !$0.isNewline }) else { return nil }
            guard bucket.next(now) <= now else {
                lose(now) { $0.suppressed += 1 }
                return nil
            }
            bucket.take(now)
            return Record(text[...end])
        }
    }

    /// The pipe was full.
    mutating func overflow(now: ContinuousClock.Instant) {
        lose(now) { $0.overflows += 1 }
    }

    /// - Returns: nil if nothing was lost, or the summary is not due.
    mutating func summary(now: ContinuousClock.Instant) -> Summary? {
        guard let due = summaryDue, due <= now else { return nil }
        defer { (lost, summaryDue) = (Summary(), nil) }
        return lost
    }

    private mutating func lose(_ now: ContinuousClock.Instant, _ count: (inout Summary) -> Void) {
        count(&lost)
        summaryDue = summaryDue ?? now + Self.summaryDelay
    }
}

extension MessageStream.Record {
    /// Reads `2026/01/31 03:12:45 [error] 12#12: *1 TEXT` or, from before nginx has read its configuration,
    /// `nginx: [emerg] TEXT`.
    init(_ message: Substring) {
        var rest = message
        if rest.hasPrefix("nginx: ") {
            rest = rest.dropFirst("nginx: ".count)
        } else if let match = rest.prefixMatch(of: #/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /#) {
            rest = rest[match.range.upperBound...]
        }
        guard let match = rest.prefixMatch(of: #/\[([a-z]+)\] (?:(\d+)#\d+: )?/#) else {
            self.init(level: nil, pid: nil, text: String(message))
            return
        }
        self.init(
            level: String(match.1), pid: match.2.map(String.init), text: String(rest[match.range.upperBound...]))
    }
}
