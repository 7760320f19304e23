import Audit
import Testing

@Suite("Difference of two generations")
struct DiffTests {
    private func diff(_ old: String?, _ new: String?) -> String {
        UnifiedDiff.text(old: old, oldName: "1/f", new: new, newName: "2/f")
    }

    @Test("equal files have no difference")
    func equal() { #expect(diff("a\nb\n", "a\nb\n") == "") }

    @Test("a changed line has three lines of context, and positions as in diff(1)")
    func change() {
        let old = (1...9).map { "\($0)\n" }.joined()
        #expect(
            diff(old, old.replacing("5", with: "five"))
                == "--- 1/f\n+++ 2/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n")
    }

    @Test("all lines of a new or deleted file are on one side")
    func oneSided() {
        #expect(diff(nil, "a\n") == "--- /dev/null\n+++ 2/f\n@@ -0,0 +1,1 @@\n+a\n")
        #expect(diff("a\n", nil) == "--- 1/f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n")
    }

    @Test("an inserted block is one change, and distant changes are separate")
    func blocks() {
        func server(_ name: String) -> String { "server {\n    name \(name);\n    listen 80;\n}\n" }
        let names = (1...20).map { "h\($0)" }
        let old = names.map(server).joined()
        let new = names.filter { $0 != "h15" }.flatMap { $0 == "h3" ? [$0, "new"] : [$0] }.map(server).joined()
        let lines = diff(old, new).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("@@") }.count == 2)
        #expect(lines.filter { $0.hasPrefix("+") && !$0.hasPrefix("+++") }.count == 4)
        #expect(lines.filter { $0.hasPrefix("-") && !$0.hasPrefix("---") }.count == 4)
        #expect(lines.contains("+    name new;"))
        #expect(lines.contains("-    name h15;"))
    }

    @Test("a difference of 30,000 lines is fast")
    func large() {
        let old = (0..<30_000).map { "line \($0)\n" }.joined()
        let new = (0..<30_000).map { $0 % 3 == 0 ? "other \($0)\n" : "line \($0)\n" }.joined()
        let duration = ContinuousClock().measure { #expect(diff(old, new).hasPrefix("--- 1/f")) }
        #expect(duration < .seconds(20))
    }
}
