internal import Glibc

enum SymbolicLink {
    /// Lets a link lead to a target, in one step (rename(2)).
    ///
    /// - Parameter draft: the path of the link until it replaces the old one.
    /// - Throws: `FileError`; the old link stays.
    static func replace(_ path: String, target: String, draft: String) throws(FileError) {
        unlink(draft)
        try attempt("link", draft) { symlink(target, draft) }
        try attempt("replace", path) { rename(draft, path) }
    }

    /// The last name in the target of a link; nil if there is no link.
    static func targetName(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &target, target.count - 1)
        guard length > 0 else { return nil }
        return String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: "/").last.map(String.init)
    }
}
