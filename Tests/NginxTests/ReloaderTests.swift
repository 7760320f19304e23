import Foundation
import Nginx
import NginxConfig
import TestBed
import Testing

@Suite("Taking a configuration to traffic", .serialized)
struct ReloaderTests {
    @Test("a generation counts as applied when nginx answers with its number, and the link leads to it")
    func applied() async throws {
        try await LiveNginx.run { nginx in
            for (number, text) in [(1, "one"), (2, "two")] {
                let attempt = await nginx.apply(text)
                #expect(attempt.result == .applied)
                #expect(attempt.generation == number)
                // Old workers still accept for a moment after the new ones do.
                try await eventually("the port answers \(text)") { try await nginx.answer() == text }
            }
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(nginx.state.current)")
            #expect(link == "generations/000002")
        }
    }

    @Test("what nginx -t refuses changes nothing, and nginx's words name the line")
    func rejected() async throws {
        try await LiveNginx.run { nginx in
            _ = await nginx.apply("good")
            let attempt = await nginx.apply("bad", extra: "bogus on;")
            let error = try #require(attempt.result.rejection)
            #expect(error.hasPrefix(#"[emerg] unknown directive "bogus" in "#))
            #expect(error.hasSuffix("000002/nginx.conf:10"))
            #expect(try await nginx.answer() == "good")
            #expect(await nginx.store.current()?.number == 1)
        }
    }

    @Test("what passes the test and still is not taken is rolled back, with nginx's reason")
    func failed() async throws {
        try await LiveNginx.run(timeout: .seconds(4)) { nginx in
            _ = await nginx.apply("good")
            try await LiveNginx.run { other in
                // nginx -t does not mind a port in use, a reload does.
                _ = await other.apply("other")
                let attempt = await nginx.apply("bad", extra: "server { listen \(other.port); }")
                let error = try #require(attempt.result.failure)
                #expect(error.contains("bind() to 0.0.0.0:\(other.port) failed (98: "))
            }
            #expect(await nginx.store.current()?.number == 1)
            #expect(try await nginx.answer() == "good")
            #expect(await nginx.apply("better").result == .applied)
        }
    }

    @Test("a first start that fails says why, well before the time is over")
    func firstStartFails() async throws {
        try await LiveNginx.run { other in
            _ = await other.apply("other")
            try await LiveNginx.run(port: other.port, timeout: .seconds(60)) { nginx in
                let error = try #require(await nginx.apply("never").result.failure)
                #expect(error.contains("bind() to 0.0.0.0:\(other.port) failed (98: "))
                #expect(await nginx.store.current() == nil, "what never was served is not there to be resumed")
            }
        }
    }

    @Test("ten generations stay, the live one among them")
    func pruning() async throws {
        try await LiveNginx.run { nginx in
            for number in 1...12 { #expect(await nginx.apply("\(number)").result == .applied) }
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(nginx.state.generations)").sorted()
            #expect(names == (3...12).map { String(format: "%06d", $0) })
        }
    }

    @Test("the generation of the last run is served before anything else is known; a broken one is not")
    func resume() async throws {
        let folder = try TemporaryFolder.make("nginx")
        let port = try FreePort.next()
        try await LiveNginx.run(in: folder, port: port) { _ = await $0.apply("kept") }
        try await LiveNginx.run(in: folder, port: port) { nginx in
            let generation = try #require(await nginx.reloader.resume())
            #expect(generation.number == 1)
            #expect(try await nginx.answer() == "kept")
            #expect(try await nginx.store.rendered(generation) == nginx.rendered("kept"))
        }
        try Data("broken".utf8).write(to: folder.appending(path: "state/current/nginx.conf"))
        try await LiveNginx.run(in: folder, port: port) { nginx in
            #expect(await nginx.reloader.resume() == nil, "there is none before it")
            #expect(await nginx.apply("new").generation == 2)
        }
    }
}

extension ReloadAttempt.Result {
    fileprivate var rejection: String? {
        if case .rejected(let error) = self { error } else { nil }
    }

    var failure: String? {
        if case .failed(let error) = self { error } else { nil }
    }
}
