/// Reads a configuration by nginx's rules, byte by byte: ngx_conf_read_token of ngx_conf_file.c, which is equal in
/// every supported version, with its flags and its order of checks. NginxLexerTests compares it with real nginx
/// binaries.
public struct NginxLexer {
    /// NGX_CONF_BUFFER: a word has to fit.
    public static let bufferSize = 4096

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    private enum Quotes {
        case none
        case double
        case single
    }

    /// - Throws: `NginxSyntaxError` where nginx would reject the syntax of the file, for any directives.
    public static func statements(of bytes: [UInt8]) throws(NginxSyntaxError) -> [NginxStatement] {
        var lexer = NginxLexer(bytes: bytes)
        var statements: [NginxStatement] = []
        var depth = 0
        while let statement = try lexer.next() {
            switch statement.end {
            case .simple: break
            case .blockStart: depth += 1
            case .blockEnd: depth -= 1
            }
            guard depth >= 0 else { throw lexer.error(.unbalanced) }
            statements.append(statement)
        }
        guard depth == 0 else { throw lexer.error(.unbalanced) }
        return statements
    }

    public static func statements(of text: String) throws(NginxSyntaxError) -> [NginxStatement] {
        try statements(of: Array(text.utf8))
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Nil at the end of the file.
    private mutating func next() throws(NginxSyntaxError) -> NginxStatement? {
        var words: [[UInt8]] = []
        var start = position
        var needsSpace = false
        var isBetweenWords = true
        var isComment = false
        var isVariable = false
        var isEscaped = false
        var quotes = Quotes.none

        while position < bytes.count {
            guard position - start < Self.bufferSize else { throw error(.tooLong) }
            let byte = bytes[position]
            position += 1
            if byte == .lineFeed {
                line += 1
                isComment = false
            }
            if isComment { continue }
            if isEscaped {
                isEscaped = false
                continue
            }
            if needsSpace {
                switch byte {
                case _ where byte.isBlank:
                    isBetweenWords = true
                    needsSpace = false
                    continue
                case .semicolon: return NginxStatement(words: words, end: .simple)
                case .openingBrace: return NginxStatement(words: words, end: .blockStart)
                case .closingParenthesis:
                    isBetweenWords = true
                    needsSpace = false
                default: throw error(.unexpected(byte))
                }
            }
            if isBetweenWords {
                start = position - 1
                if byte.isBlank { continue }
                switch byte {
                case .semicolon, .openingBrace:
                    guard !words.isEmpty else { throw error(.unexpected(byte)) }
                    return NginxStatement(words: words, end: byte == .semicolon ? .simple : .blockStart)
                case .closingBrace:
                    guard words.isEmpty else { throw error(.unexpected(byte)) }
                    return NginxStatement(words: [], end: .blockEnd)
                case .hash:
                    isComment = true
                    continue
                case .backslash: isEscaped = true
                case .doubleQuote:
                    start += 1
                    quotes = .double
                case .singleQuote:
                    start += 1
                    quotes = .single
                case .dollar: isVariable = true
                default: break
                }
                isBetweenWords = false
                continue
            }
            if byte == .openingBrace, isVariable { continue }
            isVariable = false
            if byte == .backslash {
                isEscaped = true
                continue
            }
            if byte == .dollar {
                isVariable = true
                continue
            }
            switch quotes {
            case .double where byte == .doubleQuote, .single where byte == .singleQuote:
                quotes = .none
                needsSpace = true
            case .none where byte.isBlank || byte == .semicolon || byte == .openingBrace:
                isBetweenWords = true
            default: continue
            }
            words.append(Self.word(bytes[start..<(position - 1)]))
            if isBetweenWords, byte == .semicolon { return NginxStatement(words: words, end: .simple) }
            if isBetweenWords, byte == .openingBrace { return NginxStatement(words: words, end: .blockStart) }
        }
        guard words.isEmpty, isBetweenWords else { throw error(.unexpectedEnd) }
        return nil
    }

    /// Resolves nginx's escapes; a backslash before another character stays.
    private static func word(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var word: [UInt8] = []
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == .backslash, let next = rest.first else {
                word.append(byte)
                continue
            }
            switch next {
            case .doubleQuote, .singleQuote, .backslash: word.append(next)
            case UInt8(ascii: "t"): word.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): word.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "n"): word.append(UInt8(ascii: "\n"))
            default:
                word.append(byte)
                continue
            }
            rest.removeFirst()
        }
        return word
    }

    private func error(_ problem: NginxSyntaxError.Problem) -> NginxSyntaxError {
        NginxSyntaxError(problem: problem, line: line)
    }
}

extension UInt8 {
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let semicolon = UInt8(ascii: ";")
    fileprivate static let openingBrace = UInt8(ascii: "{")
    fileprivate static let closingBrace = UInt8(ascii: "}")
    fileprivate static let closingParenthesis = UInt8(ascii: ")")
    fileprivate static let hash = UInt8(ascii: "#")
    fileprivate static let backslash = UInt8(ascii: "\\")
    fileprivate static let doubleQuote = UInt8(ascii: "\"")
    fileprivate static let singleQuote = UInt8(ascii: "'")
    fileprivate static let dollar = UInt8(ascii: "$")

    fileprivate var isBlank: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r") || self == .lineFeed
    }
}
