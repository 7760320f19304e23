import Foundation
import Nginx
import NginxConfig
import Routing
import TestBed
import Testing

@Suite("Htpasswd files on disk")
struct HtpasswdFolderTests {
    private let path: String
    private let folder: HtpasswdFolder
    private let shop: HtpasswdSource

    init() throws {
        path = try TemporaryFolder.make("users").appending(path: "users").path
        // Only root can give the files to another group.
        folder = HtpasswdFolder(try AbsolutePath(path), workerUser: geteuid() == 0 ? try AccountName("www-data") : nil)
        try folder.prepare()
        shop = try HtpasswdSource("secret/basic-auth/shop/admin")
    }

    private func htpasswd(_ name: String) throws -> Htpasswd {
        try Htpasswd(htpasswd: Array("\(name):$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91".utf8))
    }

    private func attributes(_ name: String = "") throws -> [FileAttributeKey: Any] {
        try FileManager.default.attributesOfItem(atPath: path + name)
    }

    private let file = "/secret,basic-auth,shop,admin"

    @Test("only workers can read the files and enter the folder")
    func modes() throws {
        try folder.write(try htpasswd("anna"), at: shop)
        let isRoot = geteuid() == 0
        #expect(try attributes()[.posixPermissions] as? Int == (isRoot ? 0o710 : 0o700))
        #expect(try attributes(file)[.posixPermissions] as? Int == (isRoot ? 0o440 : 0o400))
        if isRoot {
            for name in ["", file] {
                #expect(try attributes(name)[.ownerAccountName] as? String == "root")
                #expect(try attributes(name)[.groupOwnerAccountName] as? String == "www-data")
            }
        }
    }

    @Test("an unchanged file is not written again; a changed one is replaced")
    func replacement() throws {
        try folder.write(try htpasswd("anna"), at: shop)
        let first = try attributes(file)[.systemFileNumber] as? Int
        try folder.write(try htpasswd("anna"), at: shop)
        #expect(try attributes(file)[.systemFileNumber] as? Int == first)
        try folder.write(try htpasswd("berta"), at: shop)
        #expect(try String(contentsOfFile: path + file, encoding: .utf8).hasPrefix("berta:"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 1)
    }

    @Test("unreferenced files and drafts of a killed process are removed")
    func removal() throws {
        try folder.write(try htpasswd("anna"), at: shop)
        try folder.write(try htpasswd("anna"), at: try HtpasswdSource("secret:shop/other"))
        try Data().write(to: URL(filePath: path + file + ".draft"))
        folder.removeAll(except: [shop])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["secret,basic-auth,shop,admin"])
        #expect(folder.contains(shop))
    }

    @Test("a symbolic link is not followed, and a folder of another account is not used")
    func foreign() throws {
        let elsewhere = try TemporaryFolder.make("elsewhere")
        let link = elsewhere.appending(path: "users").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: FileError.self) { try HtpasswdFolder(try AbsolutePath(link), workerUser: nil).prepare() }
        guard geteuid() == 0 else { return }
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: path)
        #expect(throws: FileError.self) { try folder.prepare() }
    }
}
