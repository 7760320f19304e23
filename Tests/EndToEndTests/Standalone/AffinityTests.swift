import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Session affinity")
    struct AffinityTests {
        @Test(
            "fifty clients stay with the pod of their first request, and only clients of a removed pod move",
            arguments: [true, false])
        func pods(withCurrentNginx: Bool) async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            let pods = (1...5).map { "127.1.0.\($0)" }
            try site.write("ingress.yaml", [site.withAffinity(site.ingress("web", host: "a.test"))])
            try site.write("service.yaml", [service.manifest, site.slice("web", pods: pods)])
            let controller = try await site.start(nginx: withCurrentNginx ? Tools.nginxCurrent : Tools.nginx)
            var clients = (0..<50).map { _ in Client(controller: controller, host: "a.test") }

            let homes = try await Client.visit(&clients)
            for _ in 1..<10 { #expect(try await Client.visit(&clients) == homes) }
            #expect(Set(homes) == Set(pods))
            #expect(clients.allSatisfy { $0.cookiesReceived == 1 })

            try site.write("service.yaml", [service.manifest, site.slice("web", pods: pods.dropLast())])
            var moved: [String] = []
            try await eventually("no client reaches the removed pod", showing: [controller.process]) {
                moved = try await Client.visit(&clients)
                return !moved.contains(pods[4])
            }
            for (home, now) in zip(homes, moved) where home != pods[4] { #expect(now == home) }
            // Without pods, requests go to the address of the Service.
            try site.write("service.yaml", [service.manifest])
            try await controller.reaches(service.address, host: "a.test")
            await controller.stop()
        }

        @Test("the clients of a pod that refuses connections go to another pod and stay there")
        func deadPod() async throws {
            let site = try await Site.make()
            let dead = site.slice("web", id: "dead", pods: ["127.1.0.9"], port: try FreePort.next())
            try site.write("ingress.yaml", [site.withAffinity(site.ingress("web", host: "a.test"))])
            try site.write(
                "service.yaml",
                [try site.service("web").manifest, site.slice("web", pods: ["127.1.0.1", "127.1.0.2"]), dead])
            let controller = try await site.start()
            var clients = (0..<30).map { _ in Client(controller: controller, host: "a.test") }
            let homes = try await Client.visit(&clients)
            for _ in 1..<10 { #expect(try await Client.visit(&clients) == homes) }
            #expect(Set(homes) == ["127.1.0.1", "127.1.0.2"])
            let log = try String(contentsOf: controller.process.log, encoding: .utf8)
            #expect(log.contains("127.1.0.9:"))
            await controller.stop()
        }

        @Test("an invalid cookie is replaced, and the new one selects the pod of the first response")
        func foreignCookies() async throws {
            let site = try await Site.make()
            try site.write(
                "web.yaml",
                [
                    try site.service("web").manifest, site.withAffinity(site.ingress("web", host: "a.test")),
                    site.ingress("plain", host: "plain.test"),
                    site.slice("web", pods: (1...5).map { "127.1.0.\($0)" }),
                ])
            let controller = try await site.start()
            let hex = "0123456789abcdef"
            for value in [
                "", "x", hex, hex + hex + "0", hex.uppercased() + hex.uppercased(), hex + "0123456789abcdeg",
                "$request_id", "127.1.0.1", #""\#(hex)""#, String(repeating: "a", count: 4000),
            ] {
                var client = Client(controller: controller, host: "a.test", cookie: "vault_ingress_affinity=\(value)")
                let home = try await client.visit()
                #expect(client.cookiesReceived == 1, "\(value)")
                #expect(
                    client.attributes.wholeMatch(
                        of: /vault_ingress_affinity=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax/)
                        != nil)
                for _ in 0..<3 { #expect(try await client.visit() == home) }
                #expect(client.cookiesReceived == 1)
            }
            var own = Client(controller: controller, host: "a.test", cookie: "vault_ingress_affinity=\(hex)\(hex)")
            _ = try await own.visit()
            #expect(own.cookiesReceived == 0)
            var plain = Client(controller: controller, host: "plain.test")
            _ = try await plain.visit()
            #expect(plain.cookiesReceived == 0)
            await controller.stop()
        }

        @Test("with a split, a client stays with its Service and with one pod of it")
        func split() async throws {
            let site = try await Site.make()
            let parts = ["v1": ["127.1.1.1", "127.1.1.2"], "v2": ["127.1.2.1", "127.1.2.2"]]
            var ingress = site.withAffinity(site.ingress("web", host: "a.test", service: "v1"))
            ingress["metadata"]["annotations"]["vault-ingress.io/split"] = "v1=50,v2=50"
            try site.write(
                "web.yaml",
                [ingress] + (try parts.keys.map { try site.service($0).manifest })
                    + parts.map { site.slice($0, pods: $1) })
            let controller = try await site.start()
            var clients = (0..<50).map { _ in Client(controller: controller, host: "a.test") }
            let homes = try await Client.visit(&clients)
            for _ in 1..<5 { #expect(try await Client.visit(&clients) == homes) }
            #expect(Set(homes) == Set(parts.values.joined()))
            await controller.stop()
        }

        @Test("nginx accepts Services with the longest names, and hosts that only redirect")
        func extremes() async throws {
            let site = try await Site.make()
            let long = String(repeating: "a", count: 63)
            var redirected = site.withAffinity(site.ingress("redirected", host: "redirected.test"))
            redirected["metadata"]["labels"] = ["ssl": "true", "httpsOnly": "true"]
            var service = try site.service("web").manifest
            service["metadata"] = ["name": .string(long), "namespace": .string(long)]
            var ingress = site.withAffinity(site.ingress("web", host: "a.test", service: long))
            ingress["metadata"]["namespace"] = .string(long)
            try site.write(
                "redirected.yaml",
                [redirected, try site.service("web").manifest, site.slice("web", pods: ["127.1.0.1"])])
            let controller = try await site.start()
            try await controller.serves("redirected.test", status: 301)
            var slice = site.slice(long, pods: ["127.1.0.1"])
            slice["metadata"]["namespace"] = .string(long)
            try site.write("long.yaml", [ingress, service, slice])
            try await controller.reaches("127.1.0.1", host: "a.test")
            await controller.stop()
        }

        @Test("a restart moves no client")
        func restart() async throws {
            let site = try await Site.make()
            try site.write(
                "web.yaml",
                [
                    try site.service("web").manifest, site.withAffinity(site.ingress("web", host: "a.test")),
                    site.slice("web", pods: (1...5).map { "127.1.0.\($0)" }),
                ])
            let controller = try await site.start()
            var clients = (0..<20).map { _ in Client(controller: controller, host: "a.test") }
            let homes = try await Client.visit(&clients)
            await controller.stop()
            let next = try await site.start(after: controller)
            #expect(try await Client.visit(&clients) == homes)
            #expect(try next.audit().count == 1)
            await next.stop()
        }
    }
}

/// A client that stores cookies.
private struct Client {
    let controller: Controller
    let host: String
    var cookie: String?
    private(set) var cookiesReceived = 0
    /// The last `Set-Cookie`.
    private(set) var attributes = ""

    init(controller: Controller, host: String, cookie: String? = nil) {
        self.controller = controller
        self.host = host
        self.cookie = cookie
    }

    /// - Returns: the pod that answered.
    mutating func visit() async throws -> String {
        var request = controller.request(host: host)
        request.headers["Cookie"] = cookie
        let response = try await controller.send(request)
        guard response.status == 200 else { throw BedError("\(host): \(response.status)") }
        if let set = response.headers["Set-Cookie"] {
            cookie = String(set.prefix { $0 != ";" })
            attributes = set
            cookiesReceived += 1
        }
        return try JSONDecoder().decode(Backend.Answer.self, from: Data(response.body)).serverAddress
    }

    static func visit(_ clients: inout [Client]) async throws -> [String] {
        var homes: [String] = []
        for index in clients.indices { homes.append(try await clients[index].visit()) }
        return homes
    }
}
