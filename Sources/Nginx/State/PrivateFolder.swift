internal import Foundation
internal import Glibc
public import NginxConfig

/// A folder whose content must be only this program's own.
public enum PrivateFolder {
    public struct Failure: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Checks that no other user can change the content of a folder. Whoever can, chooses where nginx writes the bodies
    /// of requests, and what it reads.
    ///
    /// - Parameters:
    ///   - flag: the flag with the path.
    ///   - mayBeLink: whether the path may be a symbolic link.
    /// - Throws: `Failure` if the folder does not exist either.
    public static func check(_ path: AbsolutePath, of flag: String, mayBeLink: Bool) throws(Failure) {
        func failure(_ found: String) -> Failure {
            Failure(
                description:
                    "\(flag) '\(path)': expected a folder that only user \(geteuid()) can write, found \(found); "
                    + "remove it, or set \(flag) to a new folder")
        }
        var status = stat()
        guard (mayBeLink ? stat(path.text, &status) : lstat(path.text, &status)) == 0 else {
            throw failure(String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw failure(status.st_mode & S_IFMT == S_IFLNK ? "a symbolic link" : "another kind of file")
        }
        guard status.st_uid == geteuid() else { throw failure("a folder of user \(status.st_uid)") }
        guard status.st_mode & 0o022 == 0 else { throw failure("mode \(octal(status.st_mode))") }
        // Whoever can write to the parent can replace the folder, except in a sticky folder such as /tmp.
        let parent = path.text.lastIndex(of: "/").map { $0 == path.text.startIndex ? "/" : String(path.text[..<$0]) }
        var above = stat()
        guard let parent, stat(parent, &status) == 0, stat(parent + "/..", &above) == 0 else { return }
        // Only the containers that mount a volume reach it. Its root may be one that only root can protect.
        let isSystemVolume = isOpenVolume(status, below: above, owner: 0) && geteuid() != 0
        guard status.st_mode & 0o022 == 0 || status.st_mode & S_ISVTX != 0 || isSystemVolume else {
            throw failure("its parent with mode \(octal(status.st_mode))")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw failure("its parent as a folder of user \(status.st_uid)")
        }
    }

    /// Sets the sticky bit of the parent if it is the root of a mounted volume that this user owns and others can write:
    /// the kubelet creates an `emptyDir` with mode 0777, which would be rejected. Other folders do not change.
    static func protectParent(of path: AbsolutePath) {
        let parent = URL(filePath: path.text).deletingLastPathComponent().path
        var (volume, above) = (stat(), stat())
        guard stat(parent, &volume) == 0, stat(parent + "/..", &above) == 0,
            isOpenVolume(volume, below: above, owner: geteuid())
        else {
            return
        }
        // If it fails, `check` rejects the folder.
        chmod(parent, volume.st_mode & 0o7777 | S_ISVTX)
    }

    static func isOpenVolume(_ volume: stat, below above: stat, owner: uid_t) -> Bool {
        volume.st_dev != above.st_dev && volume.st_uid == owner && volume.st_mode & 0o022 != 0
            && volume.st_mode & S_ISVTX == 0
    }

    private static func octal(_ mode: mode_t) -> String {
        let digits = String(mode & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
