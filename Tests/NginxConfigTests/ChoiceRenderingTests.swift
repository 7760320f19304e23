import Foundation
import KubernetesAPI
import NginxConfig
import Routing
import Testing

@Suite("Rendering of splits and blue-green")
struct ChoiceRenderingTests {
    private func backend(_ name: String) throws -> Backend {
        .service(
            ObjectKey(namespace: "shop", name: name), address: try DNSName("\(name).shop.svc.cluster.local"),
            port: try ServicePort(80))
    }

    private func split(_ weights: [Int], by key: StickyKey? = nil) throws -> Backend {
        .split(
            try weights.enumerated().map { .init(weight: $1, backend: try backend("v\($0)")) }, by: key)
    }

    private func text(_ backends: Backend...) throws -> String {
        try render(
            backends.enumerated().map { number, backend in
                try host("h\(number).example.com", [Route(match: .prefix(.root), backend: backend)])
            })
    }

    /// The lines between the braces of the first block that begins with `start`.
    private func block(_ start: String, _ text: String) -> [String] {
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return Array(lines.drop { !$0.hasPrefix(start) }.dropFirst().prefix { $0 != "}" })
    }

    @Test(
        "weights become parts in hundredths of a percent, and the last part is the rest",
        arguments: [
            ([90, 10], ["90.00%"]), ([3, 7], ["30.00%"]), ([1, 1, 1], ["33.33%", "33.34%"]),
            ([1, 9999], ["0.01%"]), ([9999, 1], ["99.99%"]), ([1, 1], ["50.00%"]),
            ([1, 1, 1, 1, 1, 1, 1], ["14.29%", "14.28%", "14.29%", "14.28%", "14.29%", "14.28%"]),
            ([1_000_000, 100], ["99.99%"]),
        ])
    func percentages(weights: [Int], expected: [String]) throws {
        let lines = block("split_clients", try text(split(weights)))
        #expect(
            lines
                == expected.enumerated().map { "\"\($1)\" \"v\($0).shop.svc.cluster.local:80\";" }
                + ["* \"v\(weights.count - 1).shop.svc.cluster.local:80\";"])
    }

    @Test(
        "for all weights, the parts are correct to 0.01 %, none is zero, and their sum is 100 %")
    func parts() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let weights = (0..<Int.random(in: 2...20, using: &generator)).map { _ in
                Int.random(in: 1...500, using: &generator)
            }
            let total = weights.reduce(0, +)
            let percentages = block("split_clients", try text(split(weights))).dropLast().compactMap {
                Double($0.dropFirst().prefix { $0 != "%" })
            }
            try #require(percentages.count == weights.count - 1)
            for (weight, percentage) in zip(weights, percentages + [100 - percentages.reduce(0, +)]) {
                #expect(abs(percentage - 100 * Double(weight) / Double(total)) < 0.0100001, "\(weights)")
                #expect(percentage > 0.0099, "\(weights)")
            }
        }
    }

    @Test(
        "the key of a split is the cookie, header or address, and random without it",
        arguments: [
            ("cookie:Session_ID", "$cookie_session_id"), ("header:X-User", "$http_x_user"), ("ip", "$remote_addr"),
            (nil, ""),
        ] as [(String?, String)])
    func keys(key: String?, variable: String) throws {
        let text = try text(split([1, 1], by: key.map { try StickyKey($0) }))
        #expect(
            block("map \"\(variable)\" \"$split_key_0\"", text) == ["default \"\(variable)\";", "\"\" $request_id;"])
        #expect(text.contains("split_clients \"$split_key_0\" \"$split_0\" {"))
        #expect(text.contains("set $upstream \"$split_0\";"))
    }

    @Test("blue-green selects by the header; a Service that does not exist is empty, which answers 503")
    func blueGreen() throws {
        let text = try text(.blueGreen(plain: backend("web"), blue: backend("blue"), green: .unavailable))
        #expect(
            block("map $http_x_bluegreen_backend \"$blue_green_0\"", text) == [
                "default \"web.shop.svc.cluster.local:80\";", "\"blue\" \"blue.shop.svc.cluster.local:80\";",
                "\"green\" \"\";",
            ])
        let lines = server(named: "h0.example.com", in: text)
        #expect(lines.contains("set $upstream \"$blue_green_0\";"))
        #expect(lines.contains("if ($upstream = \"\") {"))
    }

    @Test("without the header, blue-green uses the split of its Service")
    func both() throws {
        let text = try text(
            .blueGreen(plain: split([1, 1]), blue: backend("blue"), green: backend("green")))
        #expect(block("map $http_x_bluegreen_backend", text).first == "default \"$split_0\";")
        // nginx accepts any order, but people read from top to bottom.
        let definition = try #require(text.firstRange(of: "split_clients"))
        #expect(try definition.lowerBound < #require(text.firstRange(of: "map $http_x_bluegreen")).lowerBound)
    }

    @Test("equal splits of two hosts are rendered once, others have their own number")
    func shared() throws {
        let text = try text(split([1, 1]), split([1, 1]), split([1, 2]), split([1, 1], by: .address))
        #expect(text.ranges(of: "split_clients \"").count == 3)
        for (host, number) in [("h0", 0), ("h1", 0), ("h2", 1), ("h3", 2)] {
            #expect(
                server(named: "\(host).example.com", in: text).contains("set $upstream \"$split_\(number)\";"))
        }
    }
}
