import Foundation
import Routing
import TestBed
import Testing

@testable import Controller

@Suite("The memory limit of the container")
struct MemoryLimitTests {
    /// Writes files below a folder, and returns its path.
    private func folder(_ files: [String: String]) throws -> String {
        let root = try TemporaryFolder.make("cgroup")
        for (name, text) in files {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return root.path
    }

    @Test(
        "the smallest limit of the control groups applies, of both versions",
        arguments: [
            ("0::/\n", ["memory.max": "1073741824\n"], 1 << 30),
            ("0::/a/b\n", ["memory.max": "max\n", "a/memory.max": "5\n", "a/b/memory.max": "7\n"], 5),
            ("4:memory:/kubepods/x\n", ["memory/memory.limit_in_bytes": "8\n"], 8),
            ("4:memory:/x\n3:cpu:/\n", ["memory/x/memory.limit_in_bytes": "9223372036854771712\n"], nil),
            ("", [:], nil),
        ] as [(String, [String: String], Int?)])
    func limit(groups: String, files: [String: String], expected: Int?) throws {
        let root = try folder(files.merging(["groups": groups]) { $1 })
        #expect(MemoryLimit.read(root: root, groups: root + "/groups")?.bytes == expected)
    }

    @Test("the default budgets fit in the memory limit of the shipped manifests, and larger ones cause a warning")
    func warning() throws {
        let manifest = try String(
            contentsOf: Tools.checkout.appending(path: "manifests/daemonset.yaml"), encoding: .utf8)
        #expect(manifest.contains("memory: 1Gi"))
        let limit = MemoryLimit(bytes: 1 << 30)
        #expect(limit.warning(.standard) == nil)
        var budgets = BudgetLimits.standard
        budgets.total.hosts *= 2
        #expect(
            limit.warning(budgets)?.hasSuffix(
                " MiB of memory, and the container has 1024 MiB; raise the memory limit, or lower --max-hosts, --max-paths, "
                    + "--max-pods or --max-configuration-size") == true)
    }
}
