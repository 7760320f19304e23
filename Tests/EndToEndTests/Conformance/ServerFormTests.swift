import Escaping
import TestBed
import Testing

extension ConformanceTests {
    /// Shared servers answer as servers of single hosts do.
    @Suite("Forms of servers") struct ServerFormTests {
        @Test("random hosts answer random requests alike in both forms", arguments: [false, true])
        func property(isNewestNginx: Bool) async throws {
            var random = SeededGenerator(seed: isNewestNginx ? 2 : 1)
            let site = try await Site.make()
            let hosts = try (0..<40).map { number in
                let example = RandomHost(using: &random)
                return (
                    example,
                    try site.host(
                        "random-\(number)", paths: example.paths, absent: ["none"], annotations: example.annotations,
                        labels: example.labels)
                )
            }
            let nginx = isNewestNginx ? try Tools.nginxCurrent : nil
            let shared = try await site.start(flags: ["--servers", "shared"], nginx: nginx)
            let separate = try await site.start(flags: ["--servers", "separate"], nginx: nginx)
            // The test compares different forms, and the shared one has hosts of both kinds.
            #expect(try shared.liveConfiguration.contains("$shared_owner"))
            #expect(try !separate.liveConfiguration.contains("$shared_owner"))
            for (example, host) in hosts {
                for _ in 0..<40 {
                    let target = example.target(using: &random)
                    let accept = ["text/html", "application/json", "*/*"].randomElement(using: &random) ?? ""
                    let headers = ["X-Request-ID": "form", "Accept": accept]
                    let answers = [
                        try await shared.raw(host: host.name, target: target, headers: headers),
                        try await separate.raw(host: host.name, target: target, headers: headers),
                    ]
                    #expect(
                        answers[0].comparable == answers[1].comparable, "\(example) \(host.name) \(target) \(accept)")
                }
            }
            await shared.stop()
            await separate.stop()
        }
    }
}

extension RawAnswer {
    /// Without what differs between two requests to one server.
    fileprivate var comparable: [String] {
        let names = headers.filter { !["date", "set-cookie"].contains($0.key) }
        // What the backend received names the port of the controller.
        let body = seen.map { "\($0.serverAddress) \($0.uri)" } ?? body
        let kept = seen == nil ? names : names.filter { $0.key != "content-length" }
        return ["\(status)", body]
            + kept.sorted { $0.key < $1.key }.map {
                // Redirects name the https port of the controller.
                "\($0.key): \($0.value.replacing(#/example\.com:\d+/#, with: "example.com"))"
            }
    }
}

/// A host with random paths and settings, and requests that almost match them.
private struct RandomHost {
    let paths: [(String, String)]
    let annotations: [String: String]
    let labels: [String: String]

    private static let settings: [(annotations: [String: String], labels: [String: String])] = [
        ([:], [:]), ([:], [:]), ([:], [:]), (["body-size": "1k"], [:]), (["error-pages": "on"], [:]),
        (["rewrite-prefix": "/x"], [:]), (["app-root": "/a/"], [:]), (["allow-from": "192.0.2.1"], [:]),
        (["affinity": "cookie"], [:]), (["buffering": "off"], [:]), ([:], ["httpsOnly": "true"]),
        (["redirect-to-https": "308"], [:]), (["response-header-size": "32k"], [:]),
    ]
    /// With uppercase letters in few, because they exclude a host from the shared servers.
    private static let elements = ["a", "b", "aa", "ab", "b%20c", "é", "b.c", "a", "b", "$x"]

    init(using random: inout some RandomNumberGenerator) {
        (annotations, labels) = Self.settings.randomElement(using: &random) ?? ([:], [:])
        let hasUppercase = Int.random(in: 0..<5, using: &random) == 0
        let isDeep = Int.random(in: 0..<5, using: &random) == 0
        paths = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            let type = ["Prefix", "Prefix", "Exact"].randomElement(using: &random) ?? ""
            // A `$` in a Prefix would be rejected.
            let path = Self.path(upTo: isDeep ? 8 : 4, using: &random).replacing("$", with: "%24")
            let service = ["one", "two", "one", "two", "none"].randomElement(using: &random) ?? ""
            return ("\(type) \(hasUppercase ? path.replacing("b", with: "B") : path)", service)
        }
    }

    private static func path(upTo depth: Int, using random: inout some RandomNumberGenerator) -> String {
        let elements = (0..<Int.random(in: 0...depth, using: &random)).map { _ in
            Self.elements.randomElement(using: &random) ?? ""
        }
        return "/" + elements.joined(separator: "/")
            + (elements.isEmpty || Int.random(in: 0..<4, using: &random) > 0 ? "" : "/")
    }

    /// The path of a rule or a random one, perhaps changed.
    func target(using random: inout some RandomNumberGenerator) -> String {
        var target = paths.randomElement(using: &random).map { String($0.0.split(separator: " ")[1]) } ?? "/"
        if Int.random(in: 0..<4, using: &random) == 0 { target = Self.path(upTo: 8, using: &random) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: target += "/"
        case 1: target += "/a"
        case 2: target = target.replacing("a", with: "A")
        case 3: target = target.replacing("b", with: "B")
        case 4: target = target.replacing("a", with: "%61")
        case 5: target = target.replacing("/", with: "//")
        case 6: target = target.replacing("/", with: "%2F").replacing(#/^%2F/#, with: "/")
        case 7: target += "/../b"
        case 8: target = "/./x/.." + target
        case 9: target += "?a=/b"
        case 10: target = String(target.dropLast())
        default: break
        }
        return target.isEmpty ? "/" : target
    }
}
