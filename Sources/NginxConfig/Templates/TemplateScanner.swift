internal import Basics

/// Checks a template before it is used. Rejects what escaping cannot make safe and what would render as nothing: a
/// value outside double quotes, an unescaped value, a name that does not exist.
struct TemplateScanner {
    enum Syntax {
        case nginx
        case dnsmasq
        case html

        /// - Parameter template: the name of the template, such as `server.conf`.
        init(template: String) {
            self = template == "dnsmasq.conf" ? .dnsmasq : template.hasSuffix(".html") ? .html : .nginx
        }

        /// The name in the library of the content type with which a template begins.
        var contentType: String {
            switch self {
            case .nginx: "NGINX"
            case .dnsmasq: "DNSMASQ"
            case .html: "HTML"
            }
        }
    }

    private enum Place: Equatable {
        case plain, doubleQuotes, singleQuotes, comment
    }

    /// An open section. It has to end in the place in which it began.
    private struct Section {
        let name: String
        let place: Place
        let line: Int
    }

    private let file: String
    private let syntax: Syntax
    private let partials: Set<String>
    /// By scalars: nginx ignores a combining mark after a quote and a return before a newline.
    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private var place = Place.plain
    private var sections: [Section] = []

    /// - Throws: `TemplateError` for the first thing that is not valid.
    static func check(_ text: String, file: String, syntax: Syntax, partials: Set<String>) throws(TemplateError) {
        var scanner = TemplateScanner(file: file, syntax: syntax, partials: partials, rest: text[...].unicodeScalars)
        try scanner.scan()
    }

    private init(file: String, syntax: Syntax, partials: Set<String>, rest: Substring.UnicodeScalarView) {
        self.file = file
        self.syntax = syntax
        self.partials = partials
        self.rest = rest
    }

    private mutating func scan() throws(TemplateError) {
        while let scalar = rest.first {
            if rest.starts(with: "{{".unicodeScalars) {
                try readTag()
                continue
            }
            rest.removeFirst()
            if scalar == "\n" { line += 1 }
            if syntax == .html {
                guard scalar != ErrorPage.requestIdMark else { throw error("found a NUL character") }
                continue
            }
            switch (place, scalar) {
            case (.doubleQuotes, "\\"), (.singleQuotes, "\\"), (.plain, "\\"):
                if rest.first != "{" { _ = rest.popFirst() }
            case (.plain, "\""): place = .doubleQuotes
            case (.plain, "'"): place = .singleQuotes
            case (.plain, "#"): place = .comment
            case (.doubleQuotes, "\""), (.singleQuotes, "'"): place = .plain
            case (.comment, "\n"): place = .plain
            default: break
            }
        }
        if syntax == .nginx, place == .doubleQuotes || place == .singleQuotes {
            throw error("a quoted argument is not closed")
        }
        if let section = sections.last {
            throw TemplateError(
                file: file, line: section.line, explanation: "the section '\(section.name)' is never closed")
        }
    }

    private mutating func readTag() throws(TemplateError) {
        guard let end = rest.firstRange(of: "}}".unicodeScalars) else { throw error("found '{{' without '}}'") }
        let tag = Substring(rest[rest.index(rest.startIndex, offsetBy: 2)..<end.lowerBound])
        let name = tag.dropFirst().trimmed
        switch tag.first {
        case "!": break
        case "#", "^":
            try known(name)
            sections.append(Section(name: name, place: place, line: line))
        case "/":
            guard let section = sections.popLast(), section.name == name else {
                throw error("found {{/\(name)}}, expected the end of an open section")
            }
            guard section.place == place else {
                throw error("found the end of a section outside the quotes in which it began, expected it inside")
            }
        case ">":
            guard partials.contains(name) else {
                throw error("found no template '\(name)', expected one of \(partials.sorted().joined(separator: ", "))")
            }
        case "%" where syntax == .html:
            throw error("found '{{\(tag)}}', expected no content type: a page is HTML")
        case "%":
            guard name == "CONTENT_TYPE:NGINX" || name == "CONTENT_TYPE:NGINX_NAME" else {
                throw error("found content type '\(name)', expected CONTENT_TYPE:NGINX or CONTENT_TYPE:NGINX_NAME")
            }
        case "{", "&", "=", "<", "$":
            throw error("found '{{\(tag)}}', expected {{name}}: unescaped values and other delimiters are not allowed")
        default:
            try known(tag.trimmed)
            if syntax == .nginx, place != .doubleQuotes {
                throw error("found {{\(tag)}} outside double quotes, where it cannot be escaped")
            }
        }
        line += tag.count(where: \.isNewline)
        rest = rest[end.upperBound...]
    }

    private func known(_ name: String) throws(TemplateError) {
        let names = syntax == .html ? TemplateName.ofPages : TemplateName.allCases
        guard names.contains(where: { $0.rawValue == name }) else {
            if syntax != .html, let new = TemplateName.renamed[name] {
                throw error("found '\(name)', which was renamed to '\(new.rawValue)'")
            }
            throw error("found '\(name)', expected one of \(names.map(\.rawValue).joined(separator: ", "))")
        }
    }

    private func error(_ explanation: String) -> TemplateError {
        TemplateError(file: file, line: line, explanation: explanation)
    }
}
