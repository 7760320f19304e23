import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("The affinity cookie over TLS")
    struct AffinityCookieTests {
        @Test("it is Secure there, and stands beside Strict-Transport-Security")
        func secure() async throws {
            let site = try await SecureSite.make()
            try await site.put("a.example.com")
            var ingress = site.site.ingress("a", host: "a.example.com")
            ingress["metadata"]["labels"] = ["ssl": "true"]
            ingress["metadata"]["annotations"] = [
                "vault-ingress.io/affinity": "cookie", "vault-ingress.io/hsts": "1h",
            ]
            try site.site.write("a.yaml", [ingress, site.backend])
            let controller = try await site.start()
            let answer = try await controller.send(
                controller.request(host: "a.example.com", trust: try site.trust))
            #expect(answer.headers["Set-Cookie"]?.hasSuffix("; Path=/; HttpOnly; SameSite=Lax; Secure") == true)
            #expect(answer.headers["Strict-Transport-Security"] == "max-age=3600")
            let plain = try await controller.send(controller.request(host: "a.example.com"))
            #expect(plain.headers["Set-Cookie"]?.hasSuffix("; Path=/; HttpOnly; SameSite=Lax") == true)
            // Whatever the answer's status: the session may begin with a 401 or a 500.
            let failed = try await controller.send(controller.request(host: "a.example.com", path: "/status/500"))
            #expect(failed.status == 500)
            #expect(failed.headers["Set-Cookie"] != nil)
            await controller.stop()
        }
    }
}
