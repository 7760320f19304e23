import Foundation
import Glibc
import NginxConfig
import TestBed
import Testing

@testable import Nginx

@Suite("Folders that other users must not change")
struct PrivateFolderTests {
    private let parent: URL
    private let folder: URL

    init() throws {
        parent = try TemporaryFolder.make("private")
        folder = parent.appending(path: "temp")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        chmod(parent.path, 0o755)
        chmod(folder.path, 0o711)
    }

    private func problem(mayBeLink: Bool = false, _ path: URL? = nil) -> String? {
        do throws(PrivateFolder.Failure) {
            let path = (path ?? folder).path
            guard let path = try? AbsolutePath(path) else { return "not a path" }
            try PrivateFolder.check(path, of: "--temp-dir", mayBeLink: mayBeLink)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("an own folder that only its owner can write is accepted, also in a sticky folder")
    func own() {
        #expect(problem() == nil)
        chmod(parent.path, 0o1777)
        #expect(problem() == nil)
    }

    @Test(
        "a folder that others can write is rejected, with its mode and what to do", arguments: [0o777, 0o731, 0o1777])
    func writable(mode: Int) {
        chmod(folder.path, mode_t(mode))
        #expect(
            problem()
                == "--temp-dir '\(folder.path)': expected a folder that only user \(geteuid()) can write, found mode "
                + "\(mode == 0o1777 ? "1777" : "0\(String(mode, radix: 8))"); remove it, or set --temp-dir to a new folder"
        )
    }

    @Test("a folder of another user is rejected", .enabled(if: geteuid() == 0))
    func otherOwner() {
        chown(folder.path, 12345, 12345)
        #expect(problem()?.contains("found a folder of user 12345; ") == true)
        chown(folder.path, 0, 0)
        chown(parent.path, 12345, 12345)
        #expect(problem()?.contains("found its parent as a folder of user 12345; ") == true)
    }

    @Test("a folder whose parent others can write is rejected, because they can replace it")
    func parentIsWritable() {
        chmod(parent.path, 0o777)
        #expect(problem()?.contains("found its parent with mode 0777; ") == true)
    }

    @Test("an emptyDir, whose mode is 0777, is a volume whose sticky bit is to be set; other folders stay as they are")
    func volume() {
        func status(_ mode: Int, device: Int, user: uid_t = geteuid()) -> stat {
            var status = stat()
            (status.st_mode, status.st_dev, status.st_uid) = (S_IFDIR | mode_t(mode), dev_t(device), user)
            return status
        }
        let above = status(0o755, device: 1)
        #expect(PrivateFolder.isOpenVolume(status(0o777, device: 2), below: above, owner: geteuid()))
        #expect(!PrivateFolder.isOpenVolume(status(0o777, device: 1), below: above, owner: geteuid()))
        #expect(!PrivateFolder.isOpenVolume(status(0o1777, device: 2), below: above, owner: geteuid()))
        #expect(!PrivateFolder.isOpenVolume(status(0o755, device: 2), below: above, owner: geteuid()))
        #expect(
            !PrivateFolder.isOpenVolume(status(0o777, device: 2, user: geteuid() + 1), below: above, owner: geteuid()))
        chmod(parent.path, 0o777)
        if let path = try? AbsolutePath(folder.path) { PrivateFolder.protectParent(of: path) }
        #expect(problem()?.contains("found its parent with mode 0777; ") == true)
    }

    @Test("a symbolic link is rejected, and so is a missing folder")
    func link() throws {
        let link = parent.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
        #expect(problem(link)?.contains("found a symbolic link; ") == true)
        #expect(problem(mayBeLink: true, link) == nil)
        #expect(problem(parent.appending(path: "missing"))?.contains("No such file or directory") == true)
    }
}
