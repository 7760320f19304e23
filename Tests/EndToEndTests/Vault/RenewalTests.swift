import Foundation
import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("PKI engine")
    struct RenewalTests {
        @Test("an issued certificate is renewed before it expires, without a failed request")
        func renewal() async throws {
            let site = try await SecureSite.make()
            // Valid from 30 s before its creation, so two thirds of its lifetime end 3 s after it.
            let root = try await site.makePKI(role: ["ttl": "20s"])
            try site.ingress("a", hosts: ["a.example.com"])
            let controller = try await site.start(flags: ["--vault-pki", "pki/web"])
            let first = try #require(try await site.shown("a.example.com", controller))
            let request = controller.request(host: "a.example.com", trust: .pem(Array(root.utf8)))
            let load = try await Load.during(request, tasks: 2, isReusing: false) {
                try await eventually("a new certificate is shown", showing: [controller.process]) {
                    let found = try await site.shown("a.example.com", controller)
                    return found != nil && found != first
                }
            }.load
            #expect(load.failures.isEmpty)
            #expect(try await site.state("a.example.com", controller)["state"].string == "ready")
            await controller.stop()
        }

        @Test("a later certificate in KV replaces an issued one; the role limits which hosts get one")
        func later() async throws {
            let site = try await SecureSite.make()
            try await site.makePKI(role: ["ttl": "30m"])
            try site.ingress("a", hosts: ["a.example.com", "a.example.net"])
            let controller = try await site.start(flags: ["--vault-pki", "pki/web"])
            try await site.isInState("a.example.com", "ready", controller)
            // The role is for example.com only.
            try await site.isInState("a.example.net", "rejected", controller)
            #expect(try await site.shown("a.example.net", controller) == nil)
            let own = try await site.put("a.example.com")
            try await site.shows("a.example.com", own, controller)
            await controller.stop()
        }
    }
}

extension SecureSite {
    /// Mounts an engine at `pki/` with the role `web` for example.com, and allows it in the policy.
    ///
    /// - Returns: the root certificate, PEM.
    @discardableResult
    func makePKI(role: [String: JSON]) async throws -> String {
        try await bao.call("POST", "sys/mounts/pki", ["type": "pki"])
        let root = try await bao.call("POST", "pki/root/generate/internal", ["common_name": "bed", "ttl": "1h"])
        try await bao.call(
            "POST", "pki/roles/web",
            .object(role.merging(["allowed_domains": "example.com", "allow_subdomains": true]) { given, _ in given }))
        try await bao.policy("ingress", ["secret/data/ssl/*": ["read"], "pki/issue/web": ["update"]])
        guard let certificate = root["data"]["certificate"].string else { throw BedError("no certificate in \(root)") }
        return certificate
    }
}
