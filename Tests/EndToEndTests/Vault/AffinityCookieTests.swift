import HTTPClient
import TestBed
import Testing

extension VaultTests {
    @Suite("Affinity cookie over TLS")
    struct AffinityCookieTests {
        @Test("the cookie is Secure over TLS, and Strict-Transport-Security is sent too")
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
            // Any status sets the cookie: a session may begin with a 401 or a 500.
            let failed = try await controller.send(controller.request(host: "a.example.com", path: "/status/500"))
            #expect(failed.status == 500)
            #expect(failed.headers["Set-Cookie"] != nil)
            await controller.stop()
        }
    }
}
