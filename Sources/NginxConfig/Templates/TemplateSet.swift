internal import Basics
internal import Mustache

/// The parsed templates.
public struct TemplateSet: Sendable {
    /// The templates that must exist, by file name without `.mustache`.
    public static let names = [
        "dnsmasq.conf", "error.conf", page, "error_pages.conf", "generation.conf", "limits.conf", "location.conf",
        "maps.conf", "nginx.conf", "server.conf", "upstreams.conf",
    ]

    private static let page = "error_page.html"

    let errorPages: [ErrorPage]
    /// True if the sections with a line for each host use no variable of the template around them, so that a line depends on its
    /// own variables only. Edited templates may do otherwise.
    let hasPlainLines: Bool
    private let library: MustacheLibrary
    private let sources: [String: String]

    /// - Parameter sources: text by name without `.mustache`. Templates besides `names` are partials of the operator.
    /// - Throws: `TemplateError` for a missing template, or the first thing in one that is not valid.
    public init(sources: [String: String]) throws(TemplateError) {
        Self.registerContentTypes
        var library = MustacheLibrary()
        for name in Self.names where sources[name] == nil {
            throw TemplateError(
                file: name + ".mustache", line: nil,
                explanation: "expected this file, which the controller needs, found none")
        }
        for (name, text) in sources.sorted(by: { $0.key < $1.key }) {
            let file = name + ".mustache"
            let syntax = TemplateScanner.Syntax(template: name)
            try TemplateScanner.check(
                text, file: file, syntax: syntax,
                partials: Set(sources.keys.filter { TemplateScanner.Syntax(template: $0) == syntax }))
            do {
                // Partials too: in the library, the content type of every template is HTML at first.
                try library.register("{{%CONTENT_TYPE:\(syntax.contentType)}}\n" + text, named: name)
            } catch let error as MustacheTemplate.ParserError {
                throw TemplateError(
                    file: file, line: error.context.lineNumber - 1, explanation: Self.explanation(of: error.error))
            } catch {
                throw TemplateError(file: file, line: nil, explanation: "\(error)")
            }
        }
        errorPages = try ErrorStatus.allCases.map { status throws(TemplateError) in
            let html = library.render(ErrorPage.context(status), withTemplate: Self.page) ?? ""
            guard html.utf8.count <= ErrorPage.maximumSize else {
                throw TemplateError(
                    file: Self.page + ".mustache", line: nil,
                    explanation: "found a page of \(html.utf8.count) bytes, expected at most \(ErrorPage.maximumSize)")
            }
            return ErrorPage(status: status, html: html)
        }
        self.library = library
        self.sources = sources
        hasPlainLines = sources.values.allSatisfy(LineSections.arePlain)
    }

    /// All templates with their names, sorted: equal for equal sets.
    public var text: String {
        sources.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)\n" }.joined()
    }

    package func render(_ context: TemplateContext, with name: String) -> String {
        // Every name is one of `names`, which the initialiser has checked.
        library.render(context, withTemplate: name) ?? ""
    }

    /// The line of a template from which a rendered line comes: its fixed parts all occur in the rendered line, in
    /// order. Of several lines, the one with the most fixed text.
    ///
    /// For nginx's error messages, which name a line of the rendered file.
    public func origin(ofRenderedLine rendered: String) -> (file: String, line: Int)? {
        var best: (file: String, line: Int, weight: Int)?
        for (name, text) in sources.sorted(by: { $0.key < $1.key }) {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let parts = Self.fixedParts(of: line)
                let weight = parts.reduce(0) { $0 + $1.count }
                guard weight > best?.weight ?? 0, Self.occur(parts, in: rendered) else { continue }
                best = (name + ".mustache", index + 1, weight)
            }
        }
        return best.map { ($0.file, $0.line) }
    }

    private static func fixedParts(of line: Substring) -> [String] {
        line.replacing(#/\{\{.*?\}\}/#, with: "\0").split(separator: "\0").map(\.trimmed).filter { !$0.isEmpty }
    }

    private static func occur(_ parts: [String], in text: String) -> Bool {
        var rest = text[...]
        for part in parts {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    private static func explanation(of error: any Error) -> String {
        switch error as? MustacheTemplate.Error {
        case .unfinishedName: "a tag is not closed by '}}'"
        case .unrecognisedConfigVariable, .invalidConfigVariableSyntax: "an unknown '{{%…}}'"
        default: "\(error)"
        }
    }

    /// The library has one table of content types for the process.
    private static let registerContentTypes: Void = {
        MustacheContentTypes.register(NginxContentType(argument: .interpolated), named: "NGINX")
        MustacheContentTypes.register(NginxContentType(argument: .literal), named: "NGINX_NAME")
        MustacheContentTypes.register(DnsmasqContentType(), named: "DNSMASQ")
    }()
}
