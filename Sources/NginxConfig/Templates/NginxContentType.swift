internal import Basics
internal import Mustache

/// Escapes a value between double quotes in nginx's configuration (ngx_conf_read_token): `\` and `"` are escaped,
/// control characters become one of nginx's three escapes or are dropped. Not even a value of a wrong type can end its
/// argument or its directive.
struct NginxContentType: MustacheContentType {
    /// The meaning of `$` in the argument.
    enum Argument {
        /// The start of a variable. nginx has no escape for it, so a variable with the value `$` replaces it.
        case interpolated
        /// A plain character: in the names of locations and servers.
        case literal
    }

    let argument: Argument

    func escapeText(_ text: String) -> String {
        // Almost every value of thousands of hosts.
        guard text.utf8.contains(where: needsEscape) else { return text }
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"":
                escaped.append("\\")
                escaped.append(scalar)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
            case "\t": escaped.append(contentsOf: "\\t".unicodeScalars)
            case "$" where argument == .interpolated: escaped.append(contentsOf: "${dollar}".unicodeScalars)
            case _ where scalar.isASCIIControl: continue
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    private func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"")
            || byte == UInt8(ascii: "$") && argument == .interpolated
    }
}

/// Escapes a value in a line of dnsmasq's configuration: characters that could end the line or begin a comment are
/// dropped.
struct DnsmasqContentType: MustacheContentType {
    func escapeText(_ text: String) -> String {
        text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ".:#/_-[]%@".contains($0)) }
    }
}
