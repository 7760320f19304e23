import Foundation
import TestBed
import Testing

extension StandaloneTests {
    @Suite("The processes of the controller")
    struct ProcessTests {
        /// Without these capabilities a process can read only the dumpable processes of the same user (ptrace(2);
        /// perfmon_capable in kernel/fork.c).
        private static let withoutTracing = "-sys_ptrace,-perfmon,-sys_admin"

        /// The fields of `/proc/PID/limits` for core files: soft and hard.
        private func coreLimits(_ pid: Int32) throws -> [Substring] {
            let text = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            return Array(line.dropFirst("Max core file size".count).split(separator: " ").prefix(2))
        }

        /// The children of a process, from `/proc/PID/task/TID/children`, which has those of one thread.
        private func children(of pid: Int32) throws -> [Int32] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").flatMap { thread in
                let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/children", encoding: .utf8)
                return (text ?? "").split(separator: " ").compactMap { Int32($0) }
            }
        }

        private func state(_ pid: Int32) -> Substring? {
            let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            return text?.split(separator: ")").last?.split(separator: " ").first
        }

        /// Writes a script that becomes the program under test.
        private func script(_ name: String, in site: Site, _ text: String) throws -> String {
            let file = site.folder.appending(path: name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            chmod(file.path, 0o755)
            return file.path
        }

        private func start(_ site: Site, _ program: String) async throws -> Controller {
            let controller = try await Controller.start(
                folder: site.folder, source: .manifests(site.manifests), resolver: site.dns.address,
                flags: ["--reload-interval", "100ms"], program: program)
            try await controller.serves("a.test")
            return controller
        }

        @Test("neither the controller nor nginx may dump core, and the controller's memory is its own")
        func coreDumps() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            let program = try script(
                "unprivileged-\(site.namespace)", in: site,
                "#!/bin/sh\nexec setpriv --bounding-set=\(Self.withoutTracing) '\(try Tools.vaultIngress)' \"$@\"\n")
            let controller = try await start(site, program)
            let pid = try #require(controller.process.pid)
            let master = try await controller.nginxMaster()
            let workers = try children(of: master)
            #expect(!workers.isEmpty)
            for process in [pid, master] + workers {
                #expect(try coreLimits(process) == ["1", "1"], "\(process)")
            }
            // nginx is dumpable: it can be read, so the capabilities are not what protects the controller.
            func memoryMap(of pid: Int32) async throws -> String {
                try await ServerProcess.run(
                    .init(
                        "/bin/sh",
                        ["-c", "setpriv --bounding-set=\(Self.withoutTracing) cat /proc/\(pid)/maps 2>&1 || true"]),
                    folder: site.folder)
            }
            #expect(try await memoryMap(of: master).contains("nginx"))
            #expect(try await memoryMap(of: pid).contains("Permission denied"))
            await controller.stop()
        }

        @Test("workers of a killed master that become children of the controller are reaped")
        func orphans() async throws {
            let site = try await Site.make()
            try site.serve("a.test")
            // The setting survives execve(2), but not fork(2): the controller gets the orphans, as PID 1 would.
            let program = try script(
                "subreaper-\(site.namespace)", in: site,
                """
                #!\(try Tools.python)
                import ctypes, os, sys
                if ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) != 0: sys.exit("no subreaper")
                os.execv("\(try Tools.vaultIngress)", ["vault-ingress"] + sys.argv[1:])
                """)
            let controller = try await start(site, program)
            let pid = try #require(controller.process.pid)
            let master = try await controller.nginxMaster()
            let workers = try children(of: master)
            #expect(!workers.isEmpty)
            kill(master, SIGKILL)
            try await eventually("the workers are reaped", within: .seconds(30), showing: [controller.process]) {
                workers.allSatisfy { state($0) == nil }
            }
            try await controller.serves("a.test")
            let zombies = try children(of: pid).filter { state($0) == "Z" }
            #expect(zombies == [])
            await controller.stop()
        }

        @Test("a temporary folder that others can write is rejected in one line")
        func temporaryFolder() async throws {
            let site = try await Site.make()
            let folder = site.folder.appending(path: "writable-\(site.namespace)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            chmod(folder.path, 0o777)
            try await Program.run(
                [
                    "run", "--manifests", site.manifests.path, "--temp-dir", folder.path, "--state-dir",
                    site.folder.appending(path: "\(site.namespace).state").path, "--template-dir",
                    Tools.checkout.appending(path: "templates").path, "--nginx", try Tools.nginx,
                ], in: site.folder
            ).expectFailure(
                status: 1,
                "--temp-dir '\(folder.path)': expected a folder that only user \(geteuid()) can write, found mode 0777")
        }
    }
}
