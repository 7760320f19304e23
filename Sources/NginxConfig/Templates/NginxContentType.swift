internal import Basics
internal import Mustache

/// How a value is written between double quotes in a file of nginx's (ngx_conf_read_token): `\` and `"` escaped,
/// control characters as the three escapes that nginx knows, or dropped. So a value can end neither its argument nor
/// its directive, even one that should never have come this far.
struct NginxContentType: MustacheContentType {
    /// What nginx makes of `$` in the argument.
    enum Argument {
        /// The start of a variable. There is no escape for it, so a variable that holds one stands for it.
        case interpolated
        /// Itself: the names of locations and servers.
        case literal
    }

    let argument: Argument

    func escapeText(_ text: String) -> String {
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
}

/// How a value is written in a line of dnsmasq's configuration: it ends at the line's end, so nothing that could end
/// the line or begin a comment passes.
struct DnsmasqContentType: MustacheContentType {
    func escapeText(_ text: String) -> String {
        text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ".:#/_-[]%@".contains($0)) }
    }
}
