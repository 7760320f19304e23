import Foundation
import Nginx
import NginxConfig
import TestBed
import Testing

@Suite("Certificates on disk")
struct CertificateFolderTests {
    private let path: String
    private let folder: CertificateFolder

    init() throws {
        let state = StateDirectory(try AbsolutePath(TemporaryFolder.make("certificates").path))
        path = "\(state.certificates)"
        folder = CertificateFolder(state: state)
        try folder.prepare()
    }

    private func write(_ digit: Character, key: String = "key") throws -> ContentAddress {
        let address = try ContentAddress(String(repeating: digit, count: 64))
        try Array(key.utf8).withUnsafeBytes { try folder.write(address, chain: Array("chain".utf8), key: $0) }
        return address
    }

    @Test("only the owner can read the keys and the folder")
    func modes() throws {
        let address = try write("a")
        for (file, mode) in [(path, 0o700), ("\(path)/\(address).key", 0o400), ("\(path)/\(address).crt", 0o444)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(file)")
        }
    }

    @Test("an existing file is never written again")
    func immutable() throws {
        let address = try write("a", key: "first")
        _ = try write("a", key: "second")
        #expect(try String(contentsOfFile: "\(path)/\(address).key", encoding: .utf8) == "first")
    }

    @Test("unreferenced files and drafts of a killed process are removed")
    func removal() throws {
        let kept = try write("a")
        _ = try write("b")
        try Data().write(to: URL(filePath: "\(path)/\(kept).key.draft"))
        folder.removeAll(except: [kept])
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names == ["\(kept).crt", "\(kept).key"])
    }
}
