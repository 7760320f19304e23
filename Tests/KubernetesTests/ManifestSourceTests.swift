import Basics
import Foundation
import Logging
import TestBed
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite(.timeLimit(.minutes(1))) struct ManifestSourceTests {
    private let folder: ScratchFolder
    private let cache = ObjectCache()

    init() throws { folder = try ScratchFolder() }

    private func service(_ name: String) -> String {
        "apiVersion: v1\nkind: Service\nmetadata: {name: \(name)}\n"
    }

    /// Runs the source and changes the folder step by step; after each step, waits until the cache holds these names.
    private func expect(_ steps: [(names: [String], change: () throws -> Void)]) async throws {
        let source = try ManifestSource(directory: folder.path, cache: cache, logger: .quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await source.run() }
            for step in steps {
                try step.change()
                while cache.take().snapshot.services.keys.map(\.name).sorted() != step.names {
                    await cache.changed.wait()
                }
            }
            group.cancelAll()
        }
    }

    @Test("files that are added, written, renamed or deleted are read")
    func follow() async throws {
        try folder.write("a.yaml", service("a"))
        try folder.write("not-a-manifest.txt", service("x"))
        try await expect([
            (["a"], {}),
            (["a", "b"], { try folder.write("b.yml", service("b")) }),
            (["b", "c"], { try folder.write("a.yaml", service("c")) }),
            (
                ["b", "d"],
                {
                    try folder.write(".a.yaml.swp", service("d"))
                    #expect(rename("\(folder.path)/.a.yaml.swp", "\(folder.path)/a.yaml") == 0)
                }
            ),
            (["d"], { try FileManager.default.removeItem(atPath: "\(folder.path)/b.yml") }),
        ])
        #expect(cache.isSynced)
    }

    @Test("a mounted ConfigMap, which swaps a link to a hidden folder, is read")
    func configMap() async throws {
        let files = FileManager.default
        for (version, name) in [("..1", "a"), ("..2", "b")] {
            try files.createDirectory(atPath: "\(folder.path)/\(version)", withIntermediateDirectories: true)
            try folder.write("\(version)/x.yaml", service(name))
        }
        try files.createSymbolicLink(atPath: "\(folder.path)/..data", withDestinationPath: "..1")
        try files.createSymbolicLink(atPath: "\(folder.path)/x.yaml", withDestinationPath: "..data/x.yaml")
        try await expect([
            (["a"], {}),
            (
                ["b"],
                {
                    try files.createSymbolicLink(atPath: "\(folder.path)/..data_tmp", withDestinationPath: "..2")
                    #expect(rename("\(folder.path)/..data_tmp", "\(folder.path)/..data") == 0)
                }
            ),
        ])
    }

    @Test("an invalid file is reported with its line, and a deleted folder keeps its last objects")
    func reports() async throws {
        let log = LogRecorder()
        try folder.write("a.yaml", service("a"))
        try folder.write("b.yaml", "kind: [")
        let source = try ManifestSource(directory: folder.path, cache: cache, logger: log.logger)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await source.run() }
            while !log.lines.contains(where: { $0.contains("manifest rejected error=b.yaml:2:1: ") }) {
                await Task.yield()
            }
            // A rename, because a removal would delete the files first.
            #expect(rename(folder.path, folder.path + "-gone") == 0)
            while !log.lines.contains(where: { $0.contains("error=No such file or directory") }) { await Task.yield() }
            #expect(cache.take().snapshot.services.keys.map(\.name) == ["a"])
            #expect(rename(folder.path + "-gone", folder.path) == 0)
            group.cancelAll()
        }
    }

    @Test("a missing folder is reported in one line")
    func missing() {
        let error = #expect(throws: ManifestError.self) {
            try ManifestSource(directory: "/nowhere/at/all", cache: cache, logger: .quiet)
        }
        #expect(
            error?.description
                == "/nowhere/at/all: expected a folder of manifests, found: No such file or directory")
    }
}
