import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Certificates in the state folder")
    struct StateFolderTests {
        @Test(
            "a key is only in a file that only root can read, or nginx's workers too, and in no other file, page or log",
            arguments: [("static", 0o700, 0o400), ("dynamic", 0o710, 0o440)])
        func files(loading: String, folderMode: Int, keyMode: Int) async throws {
            let site = try await SecureSite.make()
            let pair = try await site.authority.issue("test", names: ["DNS:a.example.com"])
            let secret = try #require(
                try String(contentsOf: pair.key, encoding: .utf8).split(separator: "\n").dropFirst().first)
            try await site.put(path: "ssl/a.example.com", try pair.fields)
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(flags: ["--certificate-loading", loading])
            #expect(try await site.shown("a.example.com", controller) != nil)
            let folder = controller.stateDir.appending(path: "certificates")
            #expect(try mode(folder) == folderMode)
            #expect(try mode(controller.stateDir) == folderMode)
            #expect(try mode(controller.stateDir.appending(path: "generations")) == 0o700)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names.map { $0.drop { $0 != "." } } == [".crt", ".key"])
            for name in names {
                #expect(try mode(folder.appending(path: name)) == (name.hasSuffix("key") ? keyMode : 0o440))
            }
            let key = try #require(names.first { $0.hasSuffix("key") })
            #expect(try text(folder.appending(path: key)).contains(secret))

            let generations = controller.stateDir.appending(path: "generations")
            let paths = try #require(FileManager.default.enumerator(atPath: generations.path))
                .compactMap { $0 as? String }
            #expect(paths.contains { $0.hasSuffix("nginx.conf") })
            for path in paths {
                let content = FileManager.default.contents(atPath: generations.appending(path: path).path) ?? Data()
                #expect(!String(decoding: content, as: UTF8.self).contains(secret), "\(path)")
            }
            for page in ["/", "/status", "/metrics"] {
                let body = try await controller.admin(page).body
                #expect(!String(decoding: body, as: UTF8.self).contains(secret), "\(page)")
            }
            let audit = try controller.audit().map { String(decoding: try $0.bytes, as: UTF8.self) }.joined()
            #expect(audit.contains("certificates") && !audit.contains(secret))
            #expect(!(try text(controller.process.log)).contains(secret))
            await controller.stop()
        }

        @Test(
            "an unchanged certificate is not written again, and an unreferenced one is removed"
        )
        func lifetimes() async throws {
            let site = try await SecureSite.make()
            let pair = try await site.authority.issue("test", names: ["DNS:a.example.com"])
            try await site.put(path: "ssl/a.example.com", try pair.fields)
            try site.ingress("a", hosts: ["a.example.com"])
            let first = try await site.start()
            try await site.isInState("a.example.com", "ready", first)
            let folder = first.stateDir.appending(path: "certificates")
            let before = try inodes(folder)
            #expect(before.count == 2)
            // A new version with the same content, before and after a restart.
            try await site.put(path: "ssl/a.example.com", try pair.fields)
            try await site.hasVersion(2, "a.example.com", first)
            await first.stop()
            let controller = try await site.start(after: first)
            try await site.put(path: "ssl/a.example.com", try pair.fields)
            try await site.hasVersion(3, "a.example.com", controller)
            #expect(try inodes(folder) == before)
            #expect(try controller.audit().count == 1, "nothing that is served changed")

            let next = try await site.put("a.example.com")
            try await site.shows("a.example.com", next, controller)
            #expect(try inodes(folder).count == 4, "a rollback may need the previous certificate")
            for number in 1...12 {
                try site.ingress("plain\(number)", hosts: ["plain\(number).example.com"], labels: [:])
                try await controller.serves("plain\(number).example.com")
            }
            try await eventually("the previous certificate is removed", showing: [controller.process]) {
                Set(try inodes(folder).keys).isDisjoint(with: before.keys)
            }
            #expect(try inodes(folder).count == 2)
            #expect(try await site.shown("a.example.com", controller) == next)
            await controller.stop()
        }

        private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

        private func mode(_ file: URL) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        }

        /// The inode numbers by file name.
        private func inodes(_ folder: URL) throws -> [String: Int] {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return try Dictionary(
                uniqueKeysWithValues: names.map { name in
                    let attributes = try FileManager.default.attributesOfItem(
                        atPath: folder.appending(path: name).path)
                    return (name, attributes[.systemFileNumber] as? Int ?? 0)
                })
        }
    }
}

extension SecureSite {
    func hasVersion(_ version: Int, _ host: String, _ controller: Controller) async throws {
        try await eventually("/status has version \(version) of \(host)", showing: [controller.process]) {
            try await state(host, controller)["version"].int == version
        }
    }
}
