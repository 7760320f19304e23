import Foundation
import HTTPClient
import TestBed
import Testing

extension StandaloneTests {
    @Suite("Budgets") struct BudgetTests {
        @Test("a host over the budget answers 503 instead of another team's wildcard, and /status and metrics show why")
        func budgets() async throws {
            let site = try await Site.make()
            let service = try site.service("web")
            try site.write("service.yaml", [service.manifest])
            try site.write(
                "old.yaml", [site.ingress("old", host: "*.example.com", created: "2026-01-01T00:00:00Z")])
            try site.write(
                "young.yaml", [site.ingress("young", host: "bank.example.com", created: "2026-01-02T00:00:00Z")])
            let controller = try await site.start(flags: ["--max-hosts", "1"])
            try await controller.serves("any.example.com")
            try await controller.serves("bank.example.com", status: 503)
            let page = try JSON(parsing: try await controller.admin("/status").body)
            #expect(page["rejections"][0]["reason"].string == "QuotaExceeded")
            #expect(
                page["rejections"][0]["explanation"].string?.contains("1 hosts of all namespaces (--max-hosts)") == true
            )
            #expect(page["budgets"]["rejectedIngresses"].int == 1)
            #expect(page["budgets"]["total"][0] == ["budget": "hosts", "used": 1, "found": 2, "limit": 1])
            let metrics = String(decoding: try await controller.admin("/metrics").body, as: UTF8.self)
            for line in [
                #"vault_ingress_budget_used{budget="hosts"} 1.0"#, #"vault_ingress_budget_limit{budget="hosts"} 1.0"#,
                #"vault_ingress_budget_namespace_used{namespace="\#(site.namespace)",budget="hosts"} 1.0"#,
                #"vault_ingress_rejections{reason="QuotaExceeded"} 1.0"#,
            ] { #expect(metrics.contains(line), "\(line)") }

            try site.write("old.yaml", "")
            try await controller.serves("bank.example.com")
            try await controller.serves("any.example.com", status: 404)
            await controller.stop()
        }
    }
}
