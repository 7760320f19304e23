internal import Mustache
internal import Synchronization

/// The rendered lines of the maps, by value. Each pass renders the lines of all hosts, and nearly all are those of the pass before.
///
/// Bounded by twice the longest list that was rendered.
package final class LineCache: Sendable {
    private struct Lines {
        let template: MustacheTemplate
        var texts: [String: String] = [:]
        var limit = 1000
    }

    /// By the text of the section in the template.
    private let sections = Mutex<[String: Lines]>([:])

    package init() {}

    /// - Parameters:
    ///   - section: the text between the tags of the section, as in the template.
    /// - Returns: nil if the section cannot be rendered alone.
    func render(_ contexts: [TemplateContext], _ section: String) -> String? {
        sections.withLock { sections in
            var lines: Lines
            if let known = sections.removeValue(forKey: section) {
                lines = known
            } else {
                let text = "{{%CONTENT_TYPE:\(TemplateScanner.Syntax.nginx.contentType)}}\n" + section
                guard let template = try? MustacheTemplate(string: text) else { return nil }
                lines = Lines(template: template)
            }
            lines.limit = max(lines.limit, contexts.count * 2)
            var text = ""
            var used: [String: String] = [:]
            let isFull = lines.texts.count + contexts.count > lines.limit
            for context in contexts {
                let key = context.key
                let line = lines.texts[key] ?? lines.template.render(context)
                if isFull { used[key] = line } else { lines.texts[key] = line }
                text += line
            }
            if isFull { lines.texts = used }
            sections[section] = lines
            return text
        }
    }
}

/// A text that the template engine neither escapes nor parses.
struct RenderedLines: CustomStringConvertible {
    let description: String
}
