import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Audit log")
    struct AuditTests {
        private func lines(_ file: URL) throws -> [JSON] {
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
                try JSON(parsing: Array($0.utf8))
            }
        }

        @Test("explain shows the owner of a host, the other claimants, and how the next owner got it")
        func conflict() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("services.yaml", [service.manifest])
            let old = site.ingress("old", host: "a.test", created: "2026-01-01T00:00:00Z")
            let young = site.ingress("young", host: "a.test", created: "2026-01-02T00:00:00Z")
            try site.write("old.yaml", [old])
            let controller = try await site.start()
            let log = controller.auditLog.path
            try site.write("young.yaml", [young])
            let claimed = try await eventually("the audit log has the claim", showing: [controller.process]) {
                try controller.auditLines().first {
                    $0["scope"] == "claims" && $0["hosts"][0]["claimants"].array.count == 1
                }
            }
            let (owner, claimant) = ("Ingress \(site.namespace)/old", "Ingress \(site.namespace)/young")
            let before = try await Program.run(["audit", "explain", "a.test", log], in: site.folder)
            #expect(before.status == .exited(0))
            #expect(before.output.contains("Served for \(owner).\n  Since generation 1 ("))
            #expect(before.output.contains("Because \(owner) was added"))
            #expect(before.output.contains("Also claimed by \(claimant), since generation 1 ("))

            try FileManager.default.removeItem(at: site.manifests.appending(path: "old.yaml"))
            try await controller.audited("the next owner") {
                $0["owners"]["a.test"].string == "\(site.namespace)/young"
            }
            let after = try await Program.run(
                ["audit", "explain", "a.test"], environment: ["AUDIT_LOG": log], in: site.folder)
            #expect(after.output.contains("Served for \(claimant).\n  Since generation 2 ("))
            #expect(after.output.contains("Because \(owner) was deleted"))
            #expect(after.output.contains("last written by old.yaml."))
            #expect(after.output.contains("No other Ingress claimed it."))

            let time = try #require(claimed["time"].string)
            let then = try await Program.run(["audit", "explain", "a.test", log, "--at", time], in: site.folder)
            #expect(then.output.contains("Served for \(owner)."))
            #expect(then.output.contains("Until generation 2 ("))
            #expect(then.output.contains("then \(claimant) became the owner."))

            let unknown = try await Program.run(["audit", "explain", "b.test", log], in: site.folder)
            #expect(unknown.status == .exited(1))
            #expect(unknown.output.contains("Not served"))
            let diff = try await Program.run(
                ["audit", "diff", "1", "2", "--state-dir", controller.stateDir.path], in: site.folder)
            #expect(diff.status == .exited(0))
            #expect(diff.output.contains("-        \"a.test\" \"\(site.namespace)/old\";\n"))
            #expect(diff.output.contains("+        \"a.test\" \"\(site.namespace)/young\";\n"))
            try await Program.run(
                ["audit", "diff", "1", "9", "--state-dir", controller.stateDir.path], in: site.folder
            )
            .expectFailure(status: 1, "no generation 9 in \(controller.stateDir.path)/generations: found 1 to 2")
            await controller.stop()
        }

        @Test("the table and --json apply the same filters, and invalid lines are counted")
        func table() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            let controller = try await site.start()
            try site.write("more.yaml", [site.ingress("more", host: "b.test")])
            try await controller.audited("the second host") { $0["hosts"]["added"][0].string == "b.test" }
            await controller.stop()
            let file = try FileHandle(forWritingTo: controller.auditLog)
            try file.seekToEnd()
            try file.write(contentsOf: Data("{\"event\":\"rel".utf8))
            try file.close()
            let log = controller.auditLog.path

            let table = try await Program.run(["audit", log], in: site.folder)
            #expect(table.status == .exited(0))
            #expect(table.output.hasPrefix("TIME  "))
            #expect(table.output.contains("  start  "))
            #expect(table.output.contains("  applied     +1 -0 ~0  "))
            #expect(table.output.contains("Ingress \(site.namespace)/more added by more.yaml"))
            #expect(table.output.contains("nginx                              stopped by the controller"))
            #expect(table.output.contains("skipped 1 line that does not belong to an audit log\n"))

            let filters = ["--object", "Ingress/\(site.namespace)/more", "--since", "1h"]
            let json = try await Program.run(["audit", log, "--json"] + filters, in: site.folder)
            let found = json.output.split(separator: "\n").filter { $0.hasPrefix("{") }
            #expect(found.count == 1)
            #expect(try JSON(parsing: Array(found[0].utf8))["hosts"]["added"] == ["b.test"])
            let none = try await Program.run(["audit", log, "--until", "1h"], in: site.folder)
            #expect(none.output.split(separator: "\n").filter { !$0.contains("skipped") }.count == 1)
            let failed = try await Program.run(["audit", log, "--failed", "--json"], in: site.folder)
            #expect(!failed.output.contains("{"))
        }

        @Test("the log has the start with the settings, the stop, and each exit and start of nginx")
        func processes() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            let controller = try await site.start()
            let start = try #require(try controller.auditLines().first)
            #expect(start["event"].string == "start")
            #expect(start["settings"]["http-port"].string == String(controller.httpPort))
            #expect(start["templates"].string?.count == 64)
            let master = try await controller.nginxMaster()
            kill(master, SIGKILL)
            try await eventually("the audit log has the exit and the next start", showing: [controller.process]) {
                let changes = try controller.auditLines().filter { $0["event"] == "nginx" }.map {
                    $0["change"].string ?? ""
                }
                return changes == ["started", "ended", "started"]
            }
            await controller.stop()
            let last = try controller.auditLines().suffix(2)
            #expect(last.map { $0["event"].string } == ["nginx", "stop"])
            #expect(last.map { $0["change"].string } == ["stopped", nil])
            #expect(last.last?["error"] == .null)
        }

        @Test("after SIGUSR1 the log continues in a new file, which begins with everything that is served")
        func reopening() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            let controller = try await site.start()
            let moved = controller.auditLog.appendingPathExtension("moved")
            try FileManager.default.moveItem(at: controller.auditLog, to: moved)
            controller.process.signal(SIGUSR1)
            try await eventually("the new file has the served hosts", showing: [controller.process]) {
                try controller.auditLines().contains { $0["scope"] == "whole" && $0["hosts"][0]["host"] == "a.test" }
            }
            let count = try lines(moved).count
            try site.write("more.yaml", [site.ingress("more", host: "b.test")])
            try await controller.audited("the next reload") { $0["hosts"]["added"][0].string == "b.test" }
            #expect(try lines(moved).count == count)
            #expect(await controller.stop() == .exited(0))
        }

        @Test("rotation loses and splits no line, and explain reads all files as one log")
        func rotation() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("web.yaml", [service.manifest, site.ingress("web", host: "a.test")])
            let controller = try await site.start(
                flags: ["--reload-interval", "10ms", "--audit-max-size", "3k", "--audit-keep", "50"])
            for number in 1...12 {
                try site.write("more.yaml", [site.ingress("more", host: "more-\(number).test")])
                try await eventually("reload \(number)", showing: [controller.process]) {
                    let status = try await controller.status()
                    return status["generation"].int == number + 1
                        && status["hosts"].array.contains { $0["host"].string == "more-\(number).test" }
                }
            }
            await controller.stop()
            let log = controller.auditLog
            var files: [URL] = [log]
            while FileManager.default.fileExists(atPath: "\(log.path).\(files.count)") {
                files.append(URL(filePath: "\(log.path).\(files.count)"))
            }
            #expect(files.count > 3)
            let all = try files.reversed().map(lines)
            let generations = all.joined().filter { $0["event"] == "reload" }.compactMap { $0["generation"].int }
            #expect(generations == Array(1...13))
            #expect(all.dropFirst().allSatisfy { $0.first?["scope"] == "whole" })

            let both = try await Program.run(["audit", "explain", "a.test", log.path], in: site.folder)
            #expect(both.output.contains("Since generation 1 ("))
            for file in files.dropFirst() { try FileManager.default.removeItem(at: file) }
            let alone = try await Program.run(["audit", "explain", "a.test", log.path], in: site.folder)
            #expect(alone.status == .exited(0))
            #expect(alone.output.contains("Served for Ingress \(site.namespace)/web."))
            #expect(alone.output.contains("or earlier; the log does not contain the cause."))
        }
    }
}
