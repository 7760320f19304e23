import Foundation
import Nginx
import NginxConfig
import TestBed
import Testing

@Suite("Generations on disk")
struct GenerationStoreTests {
    private let folder: URL
    private let state: StateDirectory
    private let store: GenerationStore
    private let files = RenderedConfiguration(Configuration(), main: "events {}")

    init() throws {
        folder = try TemporaryFolder.make("store")
        state = StateDirectory(try AbsolutePath(folder.appending(path: "state").path))
        store = GenerationStore(state: state)
    }

    private func prepare() async throws {
        try await store.prepare(temporaryFolder: AbsolutePath(folder.appending(path: "temp").path))
    }

    private func write() async throws -> Generation {
        try await store.write(files) { "generation \($0)" }
    }

    @Test("missing folders and their parents are created; a file in their place is named")
    func folders() async throws {
        let deep = folder.appending(path: "a/b/c/").path
        try await GenerationStore(state: StateDirectory(try AbsolutePath(deep))).prepare(
            temporaryFolder: AbsolutePath(folder.appending(path: "a/b/temp").path))
        #expect(FileManager.default.fileExists(atPath: "\(deep)/generations"))
        let file = folder.appending(path: "file").path
        try Data().write(to: URL(filePath: file))
        let error = await #expect(throws: FileError.self) {
            try await GenerationStore(state: StateDirectory(try AbsolutePath("\(file)/state"))).prepare(
                temporaryFolder: AbsolutePath(folder.appending(path: "temp").path))
        }
        #expect(error?.description == "cannot create folder \(file): Not a directory")
    }

    @Test("only the owner may read the state folder")
    func modes() async throws {
        try await prepare()
        let generation = try await write()
        for (path, mode) in [
            ("\(state.root)", 0o700), ("\(state.generations)", 0o700), (generation.folder, 0o700),
            ("\(generation.folder)/nginx.conf", 0o600),
        ] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }

    @Test("a written generation is read back without its marker, and is not live")
    func roundTrip() async throws {
        try await prepare()
        let generation = try await write()
        #expect(try await store.rendered(generation) == files)
        #expect(await store.current() == nil)
        try await store.activate(generation)
        #expect(await store.current() == generation)
    }

    @Test("numbers continue after those of the last run, and its drafts are removed")
    func numbering() async throws {
        try await prepare()
        #expect(try await write().number == 1)
        #expect(try await write().number == 2)
        let draft = "\(state.generations)/000003.draft"
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: false)
        try await prepare()
        #expect(!FileManager.default.fileExists(atPath: draft))
        #expect(try await write().number == 3)
    }

    @Test("a dangling link is not a live generation", arguments: ["generations/000099", "elsewhere", "generations/x"])
    func danglingLink(target: String) async throws {
        try await prepare()
        try FileManager.default.createSymbolicLink(atPath: "\(state.current)", withDestinationPath: target)
        #expect(await store.current() == nil)
        let generation = try await write()
        try await store.activate(generation)
        #expect(await store.current() == generation)
    }

    @Test("a state folder that cannot be created is named with the reason")
    func unwritable() async throws {
        try Data().write(to: folder.appending(path: "state"))
        let error = await #expect(throws: FileError.self) { try await prepare() }
        #expect(error?.path == "\(state.root)")
        #expect(error?.description.hasPrefix("cannot create folder \(state.root): ") == true)
    }

    @Test("a file that cannot be written leaves no partial generation")
    func halfWritten() async throws {
        try await prepare()
        try FileManager.default.createDirectory(
            atPath: "\(state.generations)/000001.draft/in-the-way", withIntermediateDirectories: true)
        await #expect(throws: FileError.self) { try await write() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(state.generations)").isEmpty)
    }

    @Test("large generations are kept as far as they fit, and always the live one and the one that was live before")
    func large() async throws {
        try await prepare()
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "\(state.generations)").sorted()
        }
        let big = RenderedConfiguration(Configuration(), main: String(repeating: "#", count: 100_000))
        for _ in 1...5 {
            try await store.activate(store.write(big) { "\($0)" })
            try await store.prune(bytes: 350_000)
        }
        #expect(try names() == ["000003", "000004", "000005"])
        // Never live, and older than the live one afterwards.
        _ = try await store.write(big) { "\($0)" }
        try await store.activate(store.write(big) { "\($0)" })
        try await store.prune(bytes: 1)
        #expect(try names() == ["000005", "000007"])
    }

    @Test("a generation that was never live is removed with the next attempt")
    func retries() async throws {
        try await prepare()
        let live = try await write()
        try await store.activate(live)
        for _ in 1...20 {
            _ = try await write()
            try await store.prune()
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(state.generations)").sorted()
        #expect(names == ["000001", "000021"])
    }

    @Test(
        "a full disk is reported, and the live generation stays; older generations make room for the next one",
        .enabled(if: SmallDisk.obstacle == nil, "a file system of its own is needed"))
    func fullDisk() async throws {
        try await SmallDisk.run(bytes: 1 << 20) { disk in
            let state = StateDirectory(try AbsolutePath(disk.folder.appending(path: "state").path))
            let store = GenerationStore(state: state)
            try await store.prepare(temporaryFolder: AbsolutePath(folder.appending(path: "temp").path))
            let big = RenderedConfiguration(Configuration(), main: String(repeating: "#", count: 100_000))
            for _ in 1...3 { try await store.activate(store.write(big) { "\($0)" }) }
            try disk.fill()
            // Replaces the first two.
            let fourth = try await store.write(big) { "\($0)" }
            #expect(await store.current()?.number == 3)
            try await store.activate(fourth)
            try disk.fill()
            let huge = RenderedConfiguration(Configuration(), main: String(repeating: "#", count: 1 << 20))
            let error = await #expect(throws: FileError.self) { try await store.write(huge) { "\($0)" } }
            #expect(error?.description.hasSuffix("/000005.draft/nginx.conf: No space left on device") == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(state.generations)")
            #expect(names == ["000004"])
            #expect(try await store.rendered(fourth) == big)
        }
    }
}
