internal import Foundation
internal import Glibc

enum Folder {
    /// Creates a folder and its parents. An existing folder keeps its mode.
    static func make(_ path: String, mode: mode_t) throws(FileError) {
        let names = path.split(separator: "/")
        var folder = ""
        for (index, name) in names.enumerated() {
            folder += "/\(name)"
            var status = stat()
            if stat(folder, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else {
                    throw FileError(operation: "create folder", path: folder, code: ENOTDIR)
                }
                continue
            }
            let mode = index == names.count - 1 ? mode : 0o755
            try attempt("create folder", folder) { mkdir(folder, mode) }
            // The umask may have removed permissions that nginx's workers need.
            try attempt("change the mode of", folder) { chmod(folder, mode) }
        }
    }

    /// The sorted names in a folder.
    static func names(in path: String) throws(FileError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw FileError(operation: "list", path: path, code: errno)
        }
    }
}
