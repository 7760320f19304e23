/// The names of the directives of a configuration: the first word of every statement, as nginx reads words
/// (ngx_conf_read_token).
func directives(in text: String) -> Set<String> {
    var names: Set<String> = []
    var word = ""
    var isFirst = true
    var rest = text.unicodeScalars[...]

    func endWord() {
        if isFirst, !word.isEmpty {
            names.insert(word)
            isFirst = false
        }
        word = ""
    }

    while let scalar = rest.popFirst() {
        switch scalar {
        case " ", "\t", "\r", "\n": endWord()
        case ";", "{", "}":
            endWord()
            isFirst = true
        case "#" where word.isEmpty:
            while let next = rest.popFirst(), next != "\n" {}
        case "\"" where word.isEmpty, "'" where word.isEmpty:
            while let next = rest.popFirst(), next != scalar {
                if next == "\\", let escaped = rest.popFirst() { word.unicodeScalars.append(escaped) }
                word.unicodeScalars.append(next)
            }
            // An empty quoted word is a word too.
            if word.isEmpty { word = "\"\"" }
            endWord()
        case "\\":
            word.unicodeScalars.append(scalar)
            if let escaped = rest.popFirst() { word.unicodeScalars.append(escaped) }
        case "$" where rest.first == "{":
            while let next = rest.popFirst(), next != "}" { word.unicodeScalars.append(next) }
        default: word.unicodeScalars.append(scalar)
        }
    }
    endWord()
    return names
}
