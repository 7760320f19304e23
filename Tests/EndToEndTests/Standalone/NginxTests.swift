import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("nginx")
    struct NginxTests {
        @Test("a killed master is restarted with the same generation")
        func master() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start()
            try await controller.reaches(web, host: "a.test")
            let generation = try await controller.status()["generation"]
            for restarts in 1...2 {
                let master = try await controller.nginxMaster()
                kill(master, SIGKILL)
                try await eventually("a new master runs", showing: [controller.process]) {
                    try await controller.nginxMaster() != master
                }
                try await controller.reaches(web, host: "a.test")
                let status = try await controller.status()
                #expect(status["nginx"]["restarts"].int == restarts)
                #expect(status["generation"] == generation)
            }
            let more = try site.serve("b.test")
            try await controller.reaches(more, host: "b.test")
            await controller.stop()
        }

        @Test("a killed worker is replaced without a restart of nginx")
        func worker() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start()
            try await controller.reaches(web, host: "a.test")
            let master = try await controller.nginxMaster()
            let before = try children(of: master)
            let victim = try #require(before.first)
            kill(victim, SIGKILL)
            try await eventually("the killed worker is replaced") {
                let now = try children(of: master)
                return now.count == before.count && !now.contains(victim)
            }
            try await controller.reaches(web, host: "a.test")
            #expect(try await controller.nginxMaster() == master)
            #expect(try await controller.status()["nginx"]["restarts"].int == 0)
            await controller.stop()
        }

        @Test("20 reloads under load lose no request", arguments: [true, false])
        func reloads(isKeepAlive: Bool) async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            let stable = site.ingress("web", host: "a.test")
            try site.write("web.yaml", [service.manifest, stable])
            let controller = try await site.start(flags: ["--reload-interval", "10ms"])
            try await controller.reaches(service.address, host: "a.test")
            let first = try controller.audit().count
            let request = controller.request(host: "a.test")
            let load = try await Load.during(request, tasks: 4, isReusing: isKeepAlive) {
                for number in 1...20 {
                    try site.write("more.yaml", [site.ingress("more", host: "more-\(number).test")])
                    try await controller.audited("reload \(number)") {
                        $0["hosts"]["added"][0].string == "more-\(number).test"
                    }
                }
            }.load
            #expect(load.failures == [:])
            #expect(load.requests > 100)
            let lines = try controller.audit()
            #expect(lines.count == first + 20)
            #expect(lines.allSatisfy { $0["result"].string == "applied" })
            await controller.stop()
        }

        @Test("with a current nginx, a connection that is idle during a reload serves the next request")
        func idleConnection() async throws {
            let site = try await Site.make()
            let web = try site.serve("a.test")
            let controller = try await site.start(nginx: try Tools.nginxCurrent)
            try await controller.reaches(web, host: "a.test")
            let workers = Set(try children(of: try await controller.nginxMaster()))
            let lines = try await RawHTTP.sendTwice(["GET / HTTP/1.1", "Host: a.test", ""], port: controller.httpPort) {
                let more = try site.serve("b.test")
                try await controller.reaches(more, host: "b.test")
                // The workers of the old configuration have been told to end.
                try await eventually("there are new workers") {
                    !Set(try children(of: try await controller.nginxMaster())).subtracting(workers).isEmpty
                }
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(lines == ["HTTP/1.1 200 OK", "HTTP/1.1 200 OK"])
            await controller.stop()
        }

        @Test("the ten newest generations are kept in folders of mode 0700, and current links to the live one")
        func generations() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("web.yaml", [service.manifest])
            let controller = try await site.start(flags: ["--reload-interval", "10ms"])
            for number in 1...12 {
                try site.write("more.yaml", [site.ingress("more", host: "more-\(number).test")])
                try await controller.audited("reload \(number)") {
                    $0["hosts"]["added"][0].string == "more-\(number).test"
                }
            }
            let live = try #require(try controller.audit().last?["generation"].int)
            #expect(try await controller.status()["generation"].int == live)
            let folder = controller.stateDir.appending(path: "generations")
            let files = FileManager.default
            let names = try files.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == ((live - 9)...live).map { String(format: "%06d", $0) })
            #expect(
                try files.destinationOfSymbolicLink(atPath: controller.stateDir.appending(path: "current").path)
                    == "generations/\(names.last ?? "")")
            for path in [controller.stateDir, folder] + names.map({ folder.appending(path: $0) }) {
                let mode = try files.attributesOfItem(atPath: path.path)[.posixPermissions] as? Int
                #expect(mode == 0o700, "\(path.path)")
            }
            let socket = controller.stateDir.appending(path: "nginx.sock").path
            #expect(try files.attributesOfItem(atPath: socket)[.posixPermissions] as? Int == 0o600)
            await controller.stop()
        }

        /// The child processes (proc(5), `/proc/PID/task/TID/children`).
        private func children(of pid: Int32) throws -> [Int32] {
            let text = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }
}
