import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Forms of certificates in Vault")
    struct FormTests {
        private struct Material {
            var leaf: String
            var key: String
            var issuer: String

            var fields: JSON { ["crt": .string(leaf + issuer), "key": .string(key)] }
            var body: String? { TLSHandshake.body(ofPEM: leaf) }
        }

        private func material(
            _ site: SecureSite, _ names: [String] = ["a.example.com"], newKey: [String] = ["rsa:2048"]
        ) async throws -> Material {
            let pair = try await site.authority.issue("test", names: names.map { "DNS:\($0)" }, newKey: newKey)
            return Material(
                leaf: try String(contentsOf: pair.certificate, encoding: .utf8),
                key: try String(contentsOf: pair.key, encoding: .utf8),
                issuer: try String(contentsOf: site.authority.certificate, encoding: .utf8))
        }

        @Test("certificates in the forms in which they are stored are served, with a note of what was found")
        func forms() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            func base64(_ text: String) -> JSON { .string(Data(text.utf8).base64EncodedString()) }
            func escaped(_ text: String) -> JSON { .string(text.replacingOccurrences(of: "\n", with: "\\n")) }
            let forms: [(note: String?, fields: (Material) -> JSON)] = [
                (
                    nil,
                    {
                        [
                            "certificate": .string(String($0.leaf.dropLast())),
                            "private_key": .string(String($0.key.dropLast())),
                            "ca_chain": [.string(String($0.issuer.dropLast()))],
                            "issuing_ca": .string(String($0.issuer.dropLast())), "expiration": 1, "more": ["a": [1]],
                        ]
                    }
                ),
                (nil, { ["tls.crt": .string($0.leaf + $0.issuer), "tls.key": .string($0.key)] }),
                (nil, { ["cert": .string($0.leaf), "key": .string($0.key), "chain": .string($0.issuer)] }),
                (
                    "crt is not plain PEM: escaped characters, such as \\n for a line ending",
                    { ["crt": escaped($0.leaf + $0.issuer), "key": escaped($0.key)] }
                ),
                (
                    "key is not plain PEM: base64 of the whole value",
                    { ["crt": base64($0.leaf + $0.issuer), "key": base64($0.key)] }
                ),
                (
                    "crt is not plain PEM: blocks without a line ending between them",
                    { ["crt": .string($0.leaf.dropLast() + $0.issuer), "key": .string($0.key)] }
                ),
                (
                    "crt is not plain PEM: spaces or nothing instead of line endings",
                    {
                        [
                            "crt": .string(($0.leaf + $0.issuer).replacingOccurrences(of: "\n", with: " ")),
                            "key": .string($0.key.replacingOccurrences(of: "\n", with: " ")),
                        ]
                    }
                ),
                (
                    "put the chain in order, leaf first",
                    { ["crt": .string($0.issuer + $0.leaf), "key": .string($0.key)] }
                ),
            ]
            for (note, fields) in forms {
                let material = try await material(site)
                let body = try #require(material.body)
                try await site.put(path: "ssl/a.example.com", fields(material))
                try await site.shows("a.example.com", body, controller)
                let state = try await site.state("a.example.com", controller)
                let notes = state["notes"].array.compactMap(\.string)
                if let note { #expect(notes.contains(note), "\(notes)") } else { #expect(notes == []) }
                #expect(state["warnings"].array == [])
            }
            await controller.stop()
        }

        @Test("a certificate without its issuer is served, and /status warns about it")
        func incomplete() async throws {
            let site = try await SecureSite.make()
            let material = try await material(site)
            try await site.put(
                path: "ssl/a.example.com", ["crt": .string(material.leaf), "key": .string(material.key)])
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start()
            try await site.shows("a.example.com", material.body, controller)
            let warnings = try await site.state("a.example.com", controller)["warnings"].array.compactMap(\.string)
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains("comes without that of its issuer, ") == true)
            await controller.stop()
        }

        @Test(
            "certificates for RSA and EC in one secret are both served: the client's algorithms decide, also after a restart"
        )
        func pair() async throws {
            let site = try await SecureSite.make()
            let rsa = try await material(site)
            let ec = try await material(site, newKey: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            try await site.put(
                path: "ssl/a.example.com",
                ["crt": .string(ec.leaf + rsa.leaf + rsa.issuer), "key": .string(ec.key + rsa.key)])
            try site.ingress("a", hosts: ["a.example.com"])
            func check(_ controller: Controller) async throws {
                try await site.isInState("a.example.com", "ready", controller)
                for (algorithms, body) in [("ECDSA+SHA256", ec.body), ("RSA-PSS+SHA256:RSA+SHA256", rsa.body)] {
                    for version in ["-tls1_2", "-tls1_3"] {
                        let output = try await ServerProcess.run(
                            .init(
                                try Tools.openssl,
                                ["s_client", "-connect", "127.0.0.1:\(controller.httpsPort)", "-showcerts", version]
                                    + ["-servername", "a.example.com", "-sigalgs", algorithms]
                                    + ["-CAfile", site.authority.certificate.path, "-verify_return_error"]),
                            folder: site.site.folder)
                        #expect(TLSHandshake.body(ofPEM: output) == body, "\(algorithms) \(version)")
                        #expect(output.components(separatedBy: "BEGIN CERTIFICATE").count == 3, "each with its issuer")
                    }
                }
            }
            let first = try await site.start()
            try await check(first)
            let additional = try await site.state("a.example.com", first)["additional"].array
            #expect(additional.count == 1)
            await first.stop()
            let second = try await site.start(after: first)
            try await check(second)
            await second.stop()
        }

        @Test("the wildcard below a host serves the host too, if it covers it")
        func apex() async throws {
            let site = try await SecureSite.make()
            let wild = try await material(site, ["*.a.example.com", "a.example.com"])
            try await site.put(path: "ssl/*.a.example.com", wild.fields)
            try await site.put("*.b.example.com")
            try site.ingress("apex", hosts: ["a.example.com", "b.example.com"])
            let controller = try await site.start()
            try await site.shows("a.example.com", wild.body, controller)
            #expect(
                try await site.state("a.example.com", controller)["source"].string == "vault:secret/ssl/*.a.example.com"
            )
            try await site.isInState("b.example.com", "rejected", controller)
            let reason = try await site.state("b.example.com", controller)["reason"].string
            #expect(reason?.hasSuffix("that at secret/ssl/*.b.example.com is for other names") == true)
            let own = try await site.put("a.example.com")
            try await site.shows("a.example.com", own, controller)
            await controller.stop()
        }
    }
}
