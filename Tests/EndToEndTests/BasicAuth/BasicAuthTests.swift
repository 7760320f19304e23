import Foundation
import Glibc
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Basic auth")
    struct BasicAuthTests {
        private func tool(isCurrent: Bool) throws -> String { isCurrent ? try Tools.nginxCurrent : try Tools.nginx }

        @Test("only a user with the right password gets access, in every location", arguments: [false, true])
        func passwords(isCurrent: Bool) async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna", "berta"])
            try site.protect("a")
            try site.site.host("open")
            let controller = try await site.start(nginx: try tool(isCurrent: isCurrent))
            for path in ["/", "/deep/er", "/exact"] {
                #expect(try await site.status("a", path: path, controller) == 401)
                #expect(try await site.status("a", as: "anna", path: path, controller) == 200)
                #expect(try await site.status("a", as: "berta", path: path, controller) == 200)
                #expect(try await site.status("a", as: "anna", password: "wrong", path: path, controller) == 401)
                #expect(try await site.status("a", as: "carla", path: path, controller) == 401)
                #expect(try await site.status("a", as: "", password: "", path: path, controller) == 401)
            }
            let response = try await controller.send(controller.request(host: "a.example.com"))
            #expect(response.headers["WWW-Authenticate"] == #"Basic realm="a.example.com""#)
            #expect(try await site.status("open", controller) == 200)
            #expect(await controller.stop() == .exited(0))
        }

        @Test("every nginx can check every accepted kind of hash", arguments: [false, true])
        func hashes(isCurrent: Bool) async throws {
            let site = try await BasicAuthSite.make()
            // Hashes of the password "geheim".
            let users = [
                "apr1": "$apr1$lGuSXt3V$hncj4SjagQWAPm5SeYyZ91", "md5": "$1$QYweINv8$TK/wGT7yUXsCjFRMjIe/F0",
                "sha256": "$5$sGDdNi1tKF90lNpo$rVeKLjah2do6bDILHD.GeTWyPSnAOwlr4cmjqvfV6e3",
                "sha512":
                    "$6$LaWKQ9RL4k6CvK/B$cNGb9uIgzCybghyZABXxBiJ1LvoZnr8JNjqA..aXDlod2d.Eo0Saq0/Rkb5EfeV6q8VP7UIOE8.SbImld2lGL.",
                "rounds":
                    "$6$rounds=10000$abcdefghijklmnop$/DLXSR0AwTTVtTgqpDcLIuuueo5wojnf/.4wE.4jd3hTrZMLU3/SLwePFpy2DZuPBWjuA4uLUJUchAtsflBZJ0",
                "2a": "$2a$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
                "2b": "$2b$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
                "2y": "$2y$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu",
                "ssha": "{SSHA}xrjshO1rs3JoM3gxPz59O+la8RdMtYoX3jAZCQ==",
            ]
            try await site.put(
                "a", ["htpasswd": .string(users.map { "\($0.key):\($0.value)\n" }.sorted().joined())])
            try site.protect("a")
            let controller = try await site.start(nginx: try tool(isCurrent: isCurrent))
            for user in users.keys.sorted() {
                #expect(try await site.status("a", as: user, password: "geheim", controller) == 200, "\(user)")
                #expect(try await site.status("a", as: user, password: "geheim ", controller) == 401, "\(user)")
            }
            await controller.stop()
        }

        @Test("an account whose hash takes too long to check cannot log in; the others can, and its line is reported")
        func expensive() async throws {
            let site = try await BasicAuthSite.make()
            let cheap = try await BasicAuthSite.hash(folder: site.site.folder)
            let expensive = "$2y$12$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu"
            try await site.put("a", ["htpasswd": .string("anna:\(cheap)\nberta:\(expensive)\n")])
            try await site.put("b", ["htpasswd": .string("berta:\(expensive)\n")])
            for name in ["a", "b"] { try site.protect(name) }
            let controller = try await site.start()
            try await site.answers("a", as: "anna", 200, controller)
            try await site.answers("a", as: "berta", 401, controller)
            try await site.reports("a", "htpasswd, line 2: the hash takes too long to check", controller)
            #expect(try await site.state("a", controller)?["skippedLines"].array == [2])
            try await site.answers("b", as: "berta", 503, controller)
            try await site.reports("b", "line 1: expected a hash of bcrypt with a cost up to 10", controller)
            await controller.stop()
        }

        @Test("a removed user loses access within --vault-refresh and without a reload; other users are not affected")
        func removal() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna", "berta"])
            try site.protect("a")
            let controller = try await site.start()
            try await site.answers("a", as: "anna", 200, controller)
            var request = controller.request(host: "a.example.com")
            request.headers["Authorization"] =
                "Basic " + Data("berta:\(BasicAuthSite.password)".utf8).base64EncodedString()
            let load = try await Load.during(request, tasks: 2) {
                try await site.put("a", users: ["berta"])
                try await site.answers("a", as: "anna", 401, controller)
            }.load
            #expect(load.failures.isEmpty)
            try await site.put("a", users: [])
            try await site.answers("a", as: "berta", 401, controller)
            #expect(
                try controller.audit().count == 1,
                "nginx reads the htpasswd file for each request, so no reload is needed")
            let change = try await eventually("the audit log has the empty htpasswd file") {
                try controller.auditLines().first { $0["event"].string == "users" && $0["version"].int == 3 }
            }
            #expect(change["path"].string == site.path("a") && change["state"].string == "ready")
            await controller.stop()
        }

        @Test("a user who is not in the secret created again loses access, although its version is 1 again")
        func recreation() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna", "berta"])
            try site.protect("a")
            let controller = try await site.start()
            try await site.answers("a", as: "anna", 200, controller)
            try await site.bao.call("DELETE", "secret/metadata/basic-auth/\(site.site.namespace)/a")
            try await site.put("a", users: ["berta"])
            try await site.answers("a", as: "anna", 401, controller)
            try await site.answers("a", as: "berta", 200, controller)
            await controller.stop()
        }

        @Test("a host without its htpasswd file is closed in every location, and recovers without intervention")
        func missing() async throws {
            let site = try await BasicAuthSite.make()
            try site.protect("a", annotations: ["app-root": "/exact"])
            try site.site.host("open")
            let controller = try await site.start()
            for path in ["/", "/exact", "/deep", "/nowhere"] {
                #expect(try await site.status("a", as: "anna", path: path, controller) == 503)
            }
            #expect(try await site.status("open", controller) == 200)
            try await site.reports("a", "no secret at this path in Vault; the hosts answer 503", controller)
            #expect(try await site.state("a", controller)?["state"].string == "rejected")
            try await site.put("a", users: ["anna"])
            try await site.answers("a", as: "anna", 302, controller)
            #expect(try await site.status("a", as: "anna", path: "/exact", controller) == 200)
            #expect(try await site.status("a", path: "/exact", controller) == 401)
            try await controller.audited("the new htpasswd file") {
                $0["causes"].array.contains {
                    $0["kind"].string == "Htpasswd" && $0["change"].string == "added"
                        && $0["name"].string == site.path("a")
                }
            }
            try await eventually("there are no rejections", showing: [controller.process]) {
                try await controller.status()["rejections"].array.isEmpty
            }
            await controller.stop()
        }

        @Test("an invalid htpasswd file is rejected with its line number, never its content; the last good users stay")
        func badContent() async throws {
            let site = try await BasicAuthSite.make()
            try await site.put("a", users: ["anna"])
            try site.protect("a")
            try await site.put("b", ["htpasswd": "topsecretname:{PLAIN}topsecretword"])
            try site.protect("b")
            let controller = try await site.start()
            try await site.answers("a", as: "anna", 200, controller)
            #expect(try await site.status("b", as: "topsecretname", password: "topsecretword", controller) == 503)
            try await site.reports("b", "htpasswd, line 1: expected a hash of bcrypt", controller)
            let hash = try await BasicAuthSite.hash(folder: site.site.folder)
            for (fields, rule) in [
                (["htpasswd": .string("topsecretname:\(hash)\ntopsecretname:")], "line 2: expected a hash"),
                (["htpasswd": .string("topsecretname:\(hash)\ntop\u{7}secretname:\(hash)")], "no control characters"),
                (["topsecretname": .string(hash)], "expected the field htpasswd, found none"),
                (["htpasswd": .string("topsecretname;\(hash)")], "line 1: expected NAME:HASH"),
            ] as [(JSON, String)] {
                try await site.put("a", fields)
                try await site.reports("a", rule, controller)
                #expect(try await site.status("a", as: "anna", controller) == 200)
                #expect(try await site.status("a", as: "topsecretname", controller) == 401)
            }
            #expect(try await site.state("a", controller)?["state"].string == "stale")
            let places = [
                String(decoding: try await controller.admin("/status").body, as: UTF8.self),
                try String(contentsOf: controller.process.log, encoding: .utf8),
                try controller.auditLines().map { String(decoding: try $0.bytes, as: UTF8.self) }.joined(),
            ]
            for text in places {
                for secret in ["topsecret", hash, site.secretToken] { #expect(!text.contains(secret)) }
            }
            await controller.stop()
        }

        @Test("an Ingress cannot use htpasswd files of another namespace, or any other path")
        func otherNamespace() async throws {
            let site = try await BasicAuthSite.make()
            let hash = try await BasicAuthSite.hash(folder: site.site.folder)
            try await site.bao.call(
                "POST", "secret/data/basic-auth/bank/admin", ["data": ["htpasswd": .string("anna:\(hash)")]])
            try site.protect("a", path: "secret/basic-auth/bank/admin")
            let controller = try await site.start()
            #expect(try await site.status("a", as: "anna", controller) == 503)
            try await site.reports("a", "expected a path below secret/basic-auth/\(site.site.namespace)/", controller)
            #expect(try await controller.status()["htpasswdFiles"].array.isEmpty, "the path is not read")
            await controller.stop()
            let generous = try await site.start(flags: ["--basic-auth-prefix", "secret/basic-auth"])
            try await site.answers("a", as: "anna", 200, generous)
            await generous.stop()
        }
    }
}
