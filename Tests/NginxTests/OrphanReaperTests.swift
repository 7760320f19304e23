import Foundation
import Glibc
import Testing

@testable import Nginx

@Suite("Reaping of orphans")
struct OrphanReaperTests {
    private func stat(_ state: String, parent: Int, started: Int = 77) -> String {
        "42 (nginx: w) (x) \(state) \(parent) 7 " + (0..<16).map { "\($0)" }.joined(separator: " ") + " \(started) 0 0"
    }

    @Test("a zombie of the given parent is recognized by its line in /proc")
    func line() {
        #expect(
            UnreapedChildren.zombie(42, stat("Z", parent: 1), parent: 1)
                == UnreapedChildren.Child(pid: 42, started: "77"))
        #expect(UnreapedChildren.zombie(42, stat("S", parent: 1), parent: 1) == nil)
        #expect(UnreapedChildren.zombie(42, stat("Z", parent: 2), parent: 1) == nil)
        #expect(UnreapedChildren.zombie(42, "", parent: 1) == nil)
    }

    @Test("only a child that stays a zombie for two sweeps is reaped: others have an owner that reaps them")
    func twice() {
        var children = UnreapedChildren()
        let (old, new) = (
            UnreapedChildren.Child(pid: 5, started: "1"), UnreapedChildren.Child(pid: 5, started: "2")
        )
        #expect(children.unclaimed([old]) == [])
        #expect(children.unclaimed([old]) == [5])
        #expect(children.unclaimed([]) == [])
        #expect(children.unclaimed([old]) == [])
        #expect(children.unclaimed([new]) == [], "another process with the same id")
    }

    @Test("a real zombie is found, and reaped by the second sweep")
    func sweep() async throws {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(arguments[0]) }
        try #require(posix_spawnp(&pid, "true", nil, nil, &arguments, nil) == 0)
        while !UnreapedChildren.found(of: getpid()).contains(where: { $0.pid == pid }) { await Task.yield() }
        let reaper = OrphanReaper()
        await reaper.sweep()
        #expect(kill(pid, 0) == 0)
        await reaper.sweep()
        #expect(waitpid(pid, nil, WNOHANG) == -1)
        #expect(errno == ECHILD)
    }
}
