import Foundation
import TestBed
import Testing

extension ConformanceTests {
    @Suite("Splits") struct SplitTests {
        /// Whether a Service of a split may get `count` of `total` requests (binomial distribution). A correct split
        /// fails once in five million counts: each tail has 10⁻⁷.
        private func isPlausible(_ count: Int, of total: Int, share: Double) -> Bool {
            let mass = { (hits: Int) -> Double in
                let (n, k) = (Double(total), Double(hits))
                let choices: Double = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
                let chances: Double = k * log(share) + (n - k) * log1p(-share)
                return exp(choices + chances)
            }
            let below = (0...count).reduce(0) { $0 + mass($1) }
            let above = (count...total).reduce(0) { $0 + mass($1) }
            return min(below, above) > 1e-7
        }

        /// The number of responses by Service. Requests are sequential, a thousand per connection.
        private func count(
            _ host: TableHost, _ controller: Controller, requests: Int, headers: [String] = []
        ) async throws -> [String: Int] {
            try await withThrowingTaskGroup(of: [String: Int].self) { group in
                for start in stride(from: 0, to: requests, by: 1000) {
                    let size = min(1000, requests - start)
                    group.addTask { @Sendable in
                        let request = ["GET / HTTP/1.1", "Host: \(host.name)"] + headers
                        let lines =
                            (1..<size).flatMap { _ in request + [""] } + request + ["Connection: close", ""]
                        let text = try await RawHTTP.send(lines, port: controller.httpPort)
                        var counts: [String: Int] = [:]
                        for part in text.components(separatedBy: #""serverAddress":""#).dropFirst() {
                            let address = String(part.prefix { $0 != "\"" })
                            counts[host.addresses.first { $0.value == address }?.key ?? address, default: 0] += 1
                        }
                        return counts
                    }
                }
                return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
            }
        }

        @Test(
            "10,000 requests are divided by weight, within the statistical error",
            arguments: [
                ["v1": 90, "v2": 10], ["a": 3, "b": 7], ["a": 1, "b": 1, "c": 1], ["rare": 1, "common": 9999],
            ])
        func weights(weights: [String: Int]) async throws {
            let site = try await Site.make()
            let names = weights.keys.sorted()
            let split = names.map { "split-\($0)=\(weights[$0] ?? 0)" }.joined(separator: ",")
            let host = try site.host(
                "split", paths: [("Prefix /", names[0])], services: names, annotations: ["split": split])
            let controller = try await site.start()
            let counts = try await count(host, controller, requests: 10_000)
            #expect(counts.values.reduce(0, +) == 10_000)
            let sum = weights.values.reduce(0, +)
            for (name, weight) in weights {
                let found = counts[name] ?? 0
                #expect(isPlausible(found, of: 10_000, share: Double(weight) / Double(sum)), "\(name): \(found)")
            }
            await controller.stop()
        }

        @Test("a wrong split is detected")
        func power() {
            #expect(!isPlausible(8_500, of: 10_000, share: 0.9))
            #expect(!isPlausible(20, of: 10_000, share: 0.0001))
            #expect(!isPlausible(0, of: 10_000, share: 0.1))
            #expect(isPlausible(9_090, of: 10_000, share: 0.9))
        }

        @Test(
            "split-by keeps a client with its Service; requests without the key are divided at random",
            arguments: ["cookie:session_id", "header:X-User", "ip"])
        func sticky(key: String) async throws {
            let site = try await Site.make()
            let host = try site.host(
                "split", paths: [("Prefix /", "a")], services: ["b"],
                annotations: ["split": "split-a=1,split-b=1", "split-by": key])
            let controller = try await site.start()
            let request = { (client: Int?) async throws -> String? in
                var headers: [String: String] = [:]
                if let client {
                    switch key {
                    case "ip": break
                    case "header:X-User": headers["X-User"] = "user \(client)"
                    default: headers["Cookie"] = "other=1; session_id=s\(client); more=2"
                    }
                }
                let source = client.flatMap { key == "ip" ? "127.0.1.\($0)" : nil }
                return host.service(try await controller.raw(host: host.name, headers: headers, from: source))
            }
            var chosen: Set<String> = []
            for client in 1...30 {
                let first = try #require(try await request(client))
                chosen.insert(first)
                for _ in 0..<3 { #expect(try await request(client) == first, "client \(client)") }
            }
            #expect(chosen == ["a", "b"])
            if key != "ip" {
                // The probability that all 60 go to one Service is 2⁻⁵⁹.
                let keyless = try await count(host, controller, requests: 60)
                #expect(keyless.count == 2)
            }
            await controller.stop()
        }

        @Test("the share of a missing Service goes to the others until the Service exists, and this is reported")
        func missing() async throws {
            let site = try await Site.make()
            let host = try site.host(
                "split", paths: [("Prefix /", "a")], services: ["b", "c"], absent: ["c"],
                annotations: ["split": "split-a=1,split-b=1,split-c=2"])
            let controller = try await site.start()
            var counts = try await count(host, controller, requests: 1000)
            for name in ["a", "b"] { #expect(isPlausible(counts[name] ?? 0, of: 1000, share: 0.5)) }
            #expect(counts.count == 2)
            #expect(try await controller.rejected(site) == ["split spec.rules[0].http.paths[0].backend.service.name"])

            let late = try site.service("split-c")
            try site.write("late.yaml", [late.manifest])
            // With a slice of the Service, that is a cause too.
            try await controller.audited("the Service") { line in
                (0..<2).contains { line["causes"][$0]["kind"].string == "Service" }
            }
            try await eventually("nothing is rejected") { try await controller.rejected(site) == [] }
            // Old workers still accept connections for a moment.
            try await eventually("the new Service gets its share") {
                counts = try await count(host, controller, requests: 1000)
                return isPlausible(counts[late.address] ?? 0, of: 1000, share: 0.5)
            }
            await controller.stop()
        }

        @Test("a change of weights goes live and is in the audit log")
        func change() async throws {
            let site = try await Site.make()
            let host = try site.host(
                "split", paths: [("Prefix /", "a"), ("Prefix /other", "other")], services: ["b"],
                annotations: ["split": "split-a=9999,split-b=1"])
            let controller = try await site.start()
            #expect((try await count(host, controller, requests: 200)["a"] ?? 0) > 150)
            let file = site.manifests.appending(path: "split.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try site.write("split.yaml", text.replacing("split-a=9999,split-b=1", with: "split-a=1,split-b=9999"))
            let line = try await controller.audited("the weights") {
                $0["hosts"]["changed"][0].string == "split.example.com"
            }
            #expect(line["result"].string == "applied")
            #expect(
                line["causes"].array.contains { $0["kind"].string == "Ingress" && $0["change"].string == "modified" })
            try await eventually("the other Service gets most requests") {
                (try await count(host, controller, requests: 200)["b"] ?? 0) > 150
            }
            // A path with a Service outside the split is not divided.
            #expect(host.service(try await controller.raw(host: host.name, target: "/other")) == "other")
            await controller.stop()
        }
    }
}
