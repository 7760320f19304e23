package import NginxConfig
package import NginxLexer

/// The check that each value stays in the word of the template in which it is.
///
/// The template is rendered twice: with the values, and with a mark in place of each. By nginx's rules, both files must
/// have the same statements, and each word of the first must be the word of the second with the values in place of
/// their marks.
package struct EscapingProof: Sendable {
    package struct Violation: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    private let templates: TemplateSet

    package init(templates: TemplateSet) {
        self.templates = templates
    }

    /// - Returns: the statements that nginx reads.
    /// - Throws: `Violation` for a value that leaves its word or changes in it.
    @discardableResult
    package func check(
        _ context: TemplateContext, template: String = GenerationFile.main
    ) throws(Violation) -> [NginxStatement] {
        var texts: [String] = []
        let marked = context.replacingValues { _, value in
            texts.append(value.configurationText)
            return RawValue(Self.mark(texts.count - 1))
        }
        let found = try statements(context, template)
        let expected = try statements(marked, template)
        guard found.count == expected.count else {
            throw Violation(description: "found \(found.count) statements, expected \(expected.count)")
        }
        for (found, expected) in zip(found, expected) {
            guard found.end == expected.end, found.words.count == expected.words.count else {
                throw Violation(description: "found \(Self.text(found)), expected \(Self.text(expected))")
            }
            for (index, (word, marked)) in zip(found.words, expected.words).enumerated() {
                let meant = try Self.unmarked(
                    String(decoding: marked, as: UTF8.self), texts,
                    isSearched: index > 0 && !["location", "server_name"].contains(expected.name), of: expected.name)
                guard word.elementsEqual(meant.utf8) else {
                    let word = String(decoding: word, as: UTF8.self)
                    throw Violation(
                        description: "found the word \(word.debugDescription), expected \(meant.debugDescription)")
                }
            }
        }
        return found
    }

    private func statements(_ context: TemplateContext, _ template: String) throws(Violation) -> [NginxStatement] {
        do throws(NginxSyntaxError) {
            return try NginxLexer.statements(of: templates.render(context, with: template))
        } catch {
            throw Violation(description: "nginx cannot read it: \(error)")
        }
    }

    /// A mark in brackets that no template has. The escaped form of `$` shows how the place is escaped.
    private static func mark(_ number: Int) -> String { "\u{27e6}$\(number)\u{27e7}" }

    /// The word with the values in place of their marks, as nginx has to read it.
    ///
    /// - Parameter isSearched: false for the names of locations and servers and for the keys of maps, which nginx does not
    ///   search for variables.
    private static func unmarked(
        _ word: String, _ texts: [String], isSearched: Bool, of directive: String
    ) throws(Violation) -> String {
        guard word.unicodeScalars.contains("\u{27e6}") else { return word }
        var parts = word.split(separator: "\u{27e6}", omittingEmptySubsequences: false)
        var whole = String(parts.removeFirst())
        for part in parts {
            let pieces = part.split(separator: "\u{27e7}", maxSplits: 1, omittingEmptySubsequences: false)
            let isLiteral = !pieces[0].hasPrefix("${dollar}")
            guard !isLiteral || !isSearched else {
                throw Violation(description: "the value of '\(directive)' is not escaped for variables")
            }
            guard let number = Int(pieces[0].dropFirst(isLiteral ? 1 : 9)) else {
                throw Violation(description: "the mark \(pieces[0]) has changed")
            }
            whole += written(texts[number], isLiteral: isLiteral)
            whole += pieces.dropFirst().joined()
        }
        return whole
    }

    /// The text without the control characters for which nginx has no escape. By scalars: nginx does not join a
    /// combining mark to a `$`.
    private static func written(_ text: String, isLiteral: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "$" where !isLiteral: scalars.append(contentsOf: "${dollar}".unicodeScalars)
            case "\n", "\r", "\t": scalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: continue
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    private static func text(_ statement: NginxStatement) -> String {
        "\(statement.end) "
            + statement.words.map { String(decoding: $0, as: UTF8.self).debugDescription }.joined(separator: " ")
    }
}
