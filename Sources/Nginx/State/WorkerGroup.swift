internal import Glibc
internal import NginxConfig

/// The group of nginx's workers, which read some files that other users must not read.
enum WorkerGroup {
    /// The group with the name of the account, as with nginx's directive `user`.
    ///
    /// - Parameter user: the account of the workers; nil for that of this process.
    /// - Returns: nil for the account of this process, and if the group does not exist: then `nginx -t` fails.
    static func identifier(of user: AccountName?) -> gid_t? {
        guard let user else { return nil }
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 65536)
        guard getgrnam_r(user.text, &entry, &buffer, buffer.count, &found) == 0, let found else { return nil }
        return found.pointee.gr_gid
    }

    /// The first folder above a path that the group cannot enter; nil if it can enter all.
    static func obstacle(to path: AbsolutePath, for group: gid_t) -> String? {
        var folder = ""
        for name in path.text.split(separator: "/").dropLast() {
            folder += "/\(name)"
            var status = stat()
            guard stat(folder, &status) == 0 else { return folder }
            let mayEnter = status.st_mode & 0o001 != 0 || status.st_gid == group && status.st_mode & 0o010 != 0
            if !mayEnter { return folder }
        }
        return nil
    }
}
