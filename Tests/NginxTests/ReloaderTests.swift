import Foundation
import Nginx
import NginxConfig
import TestBed
import Testing

@Suite("Reloading nginx", .serialized)
struct ReloaderTests {
    @Test("a generation is applied when nginx answers with its number and the link refers to it")
    func applied() async throws {
        try await LiveNginx.run { nginx in
            for (number, text) in [(1, "one"), (2, "two")] {
                let attempt = await nginx.apply(text)
                #expect(attempt.result == .applied)
                #expect(attempt.generation == number)
                // Old workers accept connections for a moment longer.
                try await eventually("the port answers \(text)") { try await nginx.answer() == text }
            }
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(nginx.state.current)")
            #expect(link == "generations/000002")
        }
    }

    @Test("a configuration that nginx -t rejects changes nothing, and nginx's message names the line")
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

    @Test("a configuration that passes the test and fails to load is rolled back, with nginx's reason")
    func failed() async throws {
        try await LiveNginx.run(timeout: .seconds(4)) { nginx in
            _ = await nginx.apply("good")
            try await LiveNginx.run { other in
                // A port in use passes nginx -t, but fails the reload.
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

    @Test("a first start that fails reports the reason long before the timeout")
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

    @Test("ten generations are kept, including the live one")
    func pruning() async throws {
        try await LiveNginx.run { nginx in
            for number in 1...12 { #expect(await nginx.apply("\(number)").result == .applied) }
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(nginx.state.generations)").sorted()
            #expect(names == (3...12).map { String(format: "%06d", $0) })
        }
    }

    @Test("the last generation is served at startup, a damaged one is not")
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
        switch self {
        case .failed(let error), .exhausted(let error): error
        case .applied, .rejected: nil
        }
    }
}
