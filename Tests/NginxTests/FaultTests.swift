import Foundation
import Glibc
import HTTPClient
import Nginx
import TestBed
import Testing

@Suite("nginx faults", .serialized)
struct FaultTests {
    @Test("no connection is refused while a killed master is replaced", arguments: [true, false])
    func killedMaster(isKeepAlive: Bool) async throws {
        try await LiveNginx.run { nginx in
            _ = await nginx.apply("alive")
            let request = HTTPRequest(url: "http://127.0.0.1:\(nginx.port)/")
            let load = try await Load.during(request, isReusing: isKeepAlive) {
                for _ in 1...3 {
                    let pid = try #require(nginx.master.processIdentifier)
                    kill(pid, SIGKILL)
                    try await eventually("a new master serves traffic, the old workers have quit") {
                        guard let next = nginx.master.processIdentifier, next != pid else { return false }
                        return kill(-pid, 0) != 0
                    }
                }
            }.load
            #expect(load.failures == [:])
            #expect(load.requests > 100)
        }
    }

    enum Unresponsiveness: CaseIterable {
        case isStopped, lostItsSocket
    }

    @Test("an unresponsive master is replaced without losing a request", arguments: Unresponsiveness.allCases)
    func unresponsiveMaster(_ fault: Unresponsiveness) async throws {
        try await LiveNginx.run(timeout: .seconds(2)) { nginx in
            _ = await nginx.apply("good")
            let first = try #require(nginx.master.processIdentifier)
            let request = HTTPRequest(url: "http://127.0.0.1:\(nginx.port)/")
            let load = try await Load.during(request) {
                switch fault {
                case .isStopped: kill(first, SIGSTOP)
                case .lostItsSocket: unlink("\(nginx.state.socket)")
                }
                let error = try #require(await nginx.apply("new").result.failure)
                #expect(error == "nginx did not answer with generation 2 within 2.0 seconds")
                #expect(await nginx.store.current()?.number == 1)
                try await eventually("a new master runs") {
                    nginx.master.processIdentifier.map { $0 != first } ?? false
                }
                #expect(await nginx.apply("new").result == .applied)
            }.load
            #expect(load.failures == [:])
            #expect(nginx.master.unexpectedExits == 0, "it was ended on purpose")
        }
    }

    @Test("a test that hangs is killed and counts as failed, so that the configuration is tried again")
    func hangingTest() async throws {
        try await LiveNginx.run(timeout: .seconds(1)) { nginx in
            _ = await nginx.apply("good")
            // Opening it blocks until a writer opens it too.
            let fifo = "\(nginx.state.root)/fifo"
            #expect(mkfifo(fifo, 0o600) == 0)
            let error = try #require(await nginx.apply("bad", extra: "include \(fifo);").result.failure)
            #expect(error == "nginx -t did not end within 1.0 seconds")
            #expect(try await nginx.answer() == "good")
            #expect(await nginx.apply("better").result == .applied)
        }
    }

    @Test("a lost link is restored by a reload, and before nginx is restarted")
    func lostLink() async throws {
        try await LiveNginx.run { nginx in
            _ = await nginx.apply("one")
            unlink("\(nginx.state.current)")
            #expect(await nginx.store.current()?.number == 1)
            let pid = try #require(nginx.master.processIdentifier)
            kill(pid, SIGKILL)
            try await eventually("a new master serves traffic") {
                guard let next = nginx.master.processIdentifier, next != pid else { return false }
                return kill(-pid, 0) != 0
            }
            #expect(try await nginx.answer() == "one")
            unlink("\(nginx.state.current)")
            let rejected = await nginx.apply("bad", extra: "bogus on;")
            #expect(rejected.generation == 2)
            #expect(await nginx.apply("two").result == .applied)
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(nginx.state.current)")
            #expect(link == "generations/000003")
        }
    }

    @Test("when all generations are lost, no number is used twice: the number identifies what nginx serves")
    func lostGenerations() async throws {
        try await LiveNginx.run { nginx in
            for text in ["one", "two"] { _ = await nginx.apply(text) }
            try FileManager.default.removeItem(atPath: "\(nginx.state.generations)")
            let attempt = await nginx.apply("three")
            #expect(attempt.result == .applied)
            #expect(attempt.generation == 3)
        }
    }

    enum Damage: CaseIterable {
        case emptyFile, halfAFile, noFile, noMarker, emptyMarker, noFolder, linkToNothing

        func inflict(_ state: StateDirectory) throws {
            let folder = "\(state.generations)/000002"
            let file = URL(filePath: "\(folder)/nginx.conf")
            switch self {
            case .emptyFile: try Data().write(to: file)
            case .halfAFile:
                let text = try Data(contentsOf: file)
                try text.prefix(text.count / 2).write(to: file)
            case .noFile: try FileManager.default.removeItem(at: file)
            case .noMarker: try FileManager.default.removeItem(atPath: "\(folder)/generation.conf")
            case .emptyMarker: try Data().write(to: URL(filePath: "\(folder)/generation.conf"))
            case .noFolder: try FileManager.default.removeItem(atPath: folder)
            case .linkToNothing:
                unlink("\(state.current)")
                try FileManager.default.createSymbolicLink(
                    atPath: "\(state.current)", withDestinationPath: "generations/000009")
                try FileManager.default.removeItem(atPath: folder)
            }
        }
    }

    @Test("a damaged newest generation is replaced by the one before it", arguments: Damage.allCases)
    func damaged(_ damage: Damage) async throws {
        let folder = try TemporaryFolder.make("nginx")
        let port = try FreePort.next()
        try await LiveNginx.run(in: folder, port: port) { nginx in
            for text in ["one", "two"] { _ = await nginx.apply(text) }
        }
        try await LiveNginx.run(in: folder, port: port, timeout: .seconds(2)) { nginx in
            try damage.inflict(nginx.state)
            #expect(await nginx.reloader.resume()?.number == 1)
            // Old workers accept connections for a moment longer.
            try await eventually("the first one is served") { try await nginx.answer() == "one" }
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(nginx.state.current)")
            #expect(link == "generations/000001")
            #expect(await nginx.apply("new").result == .applied)
        }
    }

    @Test("a generation that was rejected or rolled back is not resumed")
    func neverLive() async throws {
        let folder = try TemporaryFolder.make("nginx")
        let port = try FreePort.next()
        try await LiveNginx.run(in: folder, port: port, timeout: .seconds(4)) { nginx in
            _ = await nginx.apply("good")
            try await LiveNginx.run { other in
                _ = await other.apply("other")
                _ = await nginx.apply("bad", extra: "server { listen \(other.port); }")
            }
        }
        try await LiveNginx.run(in: folder, port: port) { nginx in
            #expect(await nginx.reloader.resume()?.number == 1)
            let answer = try await nginx.answer()
            #expect(answer == "good")
        }
    }
}
