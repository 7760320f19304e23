/// A generator of random numbers that depend on the seed only (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Texts that try to escape from their word.
package enum HostileText {
    package static func next(_ generator: inout SeededGenerator) -> String {
        var text = Int.random(in: 0..<4, using: &generator) == 0 ? "/" : ""
        for _ in 0..<Int.random(in: 0..<12, using: &generator) {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: text += String(repeating: piece(&generator), count: Int.random(in: 1...400, using: &generator))
            case 1: text.unicodeScalars.append(scalar(&generator))
            default: text += piece(&generator)
            }
        }
        return text
    }

    /// A text of characters that a path may have, so that most are valid.
    package static func path(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "/", "\"", "'", "\\", ";", "{", "}", "$", "${", "$host", "(", ")", "^", "~", "=", " ", "@", "<", "é",
            "😀", "%22", "{{owner}}",
        ]
        return "/"
            + (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
    }

    private static func piece(_ generator: inout SeededGenerator) -> String {
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
    }

    /// Any scalar; surrogates, which no string can have, are replaced.
    private static func scalar(_ generator: inout SeededGenerator) -> Unicode.Scalar {
        Unicode.Scalar(UInt32.random(in: 0...0x10ffff, using: &generator)) ?? "\u{fffd}"
    }

    private static let pieces = [
        "a", "1", "0", "-", ".", "*", "/", "//", "a.example.com", "web", "shop", "true", "bluegreen", "10.0.0.0/8",
        "::/0",
        "web-v1=1,web-v2=1", "cookie:", "header:", "ip", "http", "grpc", "1s", "1m", "365d", "%41", "%0a", "%22", "%",
        ",",
        "=", ":", "?", "#", " ", "\t", "\n", "\r", "\r\n", "\0", "\u{1b}", "\u{7f}", "\u{85}", "\u{2028}", "\u{202e}",
        "\u{feff}", "\u{301}", "\"", "'", "\\", "\\\"", "\\n", ";", "{", "}", "(", ")", "[", "]", "$", "${", "$host",
        "${dollar}", "$1", "~", "^", "=", "@error", "{{owner}}", "{{{", "}}", "<", "&", "é", "漢", "😀",
        "\";} pwned on; #",
        "\u{27e6}0\u{27e7}",
    ]
}
