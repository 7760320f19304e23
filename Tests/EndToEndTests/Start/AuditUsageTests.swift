import Foundation
import TestBed
import Testing

extension UsageTests {
    @Test(
        "an invalid command line of audit",
        arguments: [
            Case(["audit"], "audit: expected a FILE, - or the variable AUDIT_LOG, got none"),
            Case(["audit", ""], "audit: expected a FILE, - or the variable AUDIT_LOG, got none"),
            Case(["audit", "-", "--since", "yesterday"], "--since 'yesterday': expected a time such as"),
            Case(["audit", "-", "--until", "2026-13-01T00:00:00Z"], "--until '2026-13-01T00:00:00Z': expected a time"),
            Case(["audit", "-", "--host", "a_b"], "--host 'a_b': expected only letters"),
            Case(["audit", "-", "--namespace", "A"], "--namespace 'A': expected a namespace"),
            Case(["audit", "-", "--object", "web"], "--object 'web': expected NAMESPACE/NAME"),
            Case(
                ["audit", "-", "--result", "good"],
                "--result 'good': expected one of applied, rejected, failed, got 'good'"),
            Case(
                ["audit", "-", "--failed", "--result", "failed"],
                "--failed and --result: expected one of them, got both"),
            Case(["audit", "explain"], "Missing expected argument '<host>'"),
            Case(["audit", "explain", "a_b", "-"], "HOST 'a_b': expected only letters"),
            Case(["audit", "explain", "a.test"], "audit: expected a FILE"),
            Case(["audit", "explain", "a.test", "-", "--at", "noon"], "--at 'noon': expected a time such as"),
            Case(["audit", "diff", "1"], "Missing expected argument '<new>'"),
            Case(["audit", "diff", "one", "2"], "<old> 'one': expected a number from 1 to"),
            Case(["audit", "diff", "1", "2", "--state-dir", "x"], "--state-dir 'x': expected an absolute path"),
        ])
    func audit(_ test: Case) async throws {
        var test = test
        test.environment["AUDIT_LOG"] = ""
        try await check(test)
    }

    @Test("a missing log or generation is named, and exits 1")
    func missing() async throws {
        let folder = try await Self.folder.get()
        for (arguments, line) in [
            (["audit", "/missing/log"], "cannot read /missing/log: No such file or directory"),
            (["audit", "/tmp"], "cannot read /tmp: Is a directory"),
            (["audit", "explain", "a.test", "/missing/log"], "cannot read /missing/log: No such file or directory"),
            (["audit", "diff", "1", "2", "--state-dir", "/missing"], "cannot read /missing/generations"),
        ] {
            try await Program.run(arguments, in: folder).expectFailure(status: 1, line)
        }
    }
}
