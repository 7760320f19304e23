import Foundation
import TestBed
import Testing

extension ReportingTests {
    @Suite("Events")
    struct EventTests {
        @Test(
            "of three Ingresses for one host the oldest serves, then the next; each other one has one Event that names the owner"
        )
        func hostConflict() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let controllers = [try await replicas.start("one"), try await replicas.start("two")]
            let host = "\(replicas.namespace).test"
            for name in ["c", "b", "a"] {
                let created = try await bed.api.apply(replicas.ingress(name, host: host))
                try await bed.clockPasses(created)
            }
            try await replicas.hasEvent("c", "Synced", "serving \(host)", showing: controllers)
            // The replica that sent the Event has reloaded; the other one may be a moment behind.
            for controller in controllers { try await controller.serves(host) }
            for name in ["b", "a"] {
                try await replicas.hasEvent(
                    name, "HostConflict", "is already owned by Ingress \(replicas.namespace)/c (created 2")
            }

            for name in ["b", "a"] {
                try await bed.api.patch(
                    replicas.ingress(name), ["metadata": ["annotations": ["note": "edited"]]])
                // A rule before the one in conflict moves its index.
                var edited = try await replicas.stored(name)
                let rules = edited["spec"]["rules"].array
                var first = rules[0]
                first["host"] = .string("\(name).\(host)")
                edited["spec"]["rules"] = .array([first] + rules)
                try await bed.api.patch(replicas.ingress(name), ["spec": ["rules": edited["spec"]["rules"]]])
                try await replicas.hasEvent(name, "Synced", "serving \(name).\(host)")
            }
            for (name, count) in [("c", 0), ("b", 1), ("a", 1)] {
                let conflicts = try await replicas.events(name, reason: "HostConflict")
                #expect(conflicts.count == count)
                #expect(conflicts.allSatisfy { $0["count"].int == 1 && $0["type"].string == "Warning" })
            }

            try await bed.api.delete(replicas.ingress("c"))
            try await replicas.hasEvent("b", "Synced", "serving b.\(host), \(host)", showing: controllers)
            for controller in controllers { try await controller.serves(host) }
            try await replicas.hasEvent(
                "a", "HostConflict", "is already owned by Ingress \(replicas.namespace)/b (created 2")
            #expect(try await replicas.events("b", reason: "HostConflict").count == 1)
            let conflicts = try await replicas.events("a", reason: "HostConflict")
            #expect(conflicts.count == 2)
            #expect(conflicts.allSatisfy { $0["count"].int == 1 })
            for controller in controllers { await controller.stop() }
        }

        @Test("an old Ingress that is edited to claim a host causes one Warning on the previous and on the new owner")
        func takeover() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let controllers = [try await replicas.start("one"), try await replicas.start("two")]
            let host = "\(replicas.namespace).test"
            let created = try await bed.api.apply(replicas.ingress("old", host: "old.\(host)"))
            try await bed.clockPasses(created)
            try await bed.api.apply(replicas.ingress("young", host: host))
            try await replicas.hasEvent("young", "Synced", "serving \(host)", showing: controllers)
            for controller in controllers { try await controller.serves(host) }

            var rules = try await replicas.stored("old")["spec"]["rules"].array
            var claim = rules[0]
            claim["host"] = .string(host)
            rules.append(claim)
            try await bed.api.patch(replicas.ingress("old"), ["spec": ["rules": .array(rules)]])
            try await replicas.hasEvent(
                "young", "HostTakenOver", "Ingress \(replicas.namespace)/old (created 2", showing: controllers)
            try await replicas.hasEvent(
                "old", "HostTakenOver",
                "this Ingress now serves \(host) instead of Ingress \(replicas.namespace)/young", showing: controllers)
            for name in ["old", "young"] {
                let events = try await replicas.events(name, reason: "HostTakenOver")
                #expect(events.count == 1)
                #expect(events.allSatisfy { $0["count"].int == 1 && $0["type"].string == "Warning" })
            }
            for controller in controllers { await controller.stop() }
        }

        @Test("a recurring condition increases the count of its Event, and a rejection names its field")
        func recurrence() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let controller = try await replicas.start("one")
            let service: JSON = [
                "apiVersion": "v1", "kind": "Service",
                "metadata": ["name": "web", "namespace": .string(replicas.namespace)],
            ]
            try await bed.api.apply(replicas.ingress("web"))
            try await replicas.hasEvent("web", "Synced", showing: [controller])
            #expect(try await replicas.events("web").count == 1)

            try await bed.api.delete(service)
            let field = #"service.name "web": no such Service"#
            let first = try await replicas.hasEvent("web", "ServiceNotFound", field, showing: [controller])
            #expect(first["count"].int == 1)
            #expect(first["involvedObject"]["uid"] == (try await replicas.stored("web"))["metadata"]["uid"])
            #expect(first["source"] == ["component": "vault-ingress", "host": "one"])
            try await bed.makeService("web", namespace: replicas.namespace)
            try await controller.serves("web.\(replicas.namespace).test")
            // The API server stores whole seconds: within the same one, the count would not increase.
            try await bed.clockPasses([
                "metadata": ["creationTimestamp": first["lastTimestamp"], "namespace": .string(replicas.namespace)]
            ])
            try await bed.api.delete(service)
            try await eventually("the count increases", within: .seconds(20), showing: [controller.process]) {
                try await replicas.events("web", reason: "ServiceNotFound").map { $0["count"].int } == [2]
            }
            #expect(try await replicas.events("web", reason: "Synced").map { $0["count"].int } == [1])
            await controller.stop()
        }

        @Test("an Ingress that nginx rejects gets the reason, and Synced once it is corrected")
        func quarantined() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let templates = try RegexTemplates.make(folder: bed.folder, name: replicas.namespace)
            let controller = try await replicas.start(
                "one", flags: ["--servers", "separate", "--template-dir", templates])
            try await bed.api.apply(replicas.ingress("good"))
            try await replicas.hasEvent("good", "Synced", showing: [controller])
            func bad(_ path: String) -> JSON {
                // A Prefix path like this is rejected before nginx tests it.
                bed.ingress(
                    "bad", namespace: replicas.namespace, host: "bad.\(replicas.namespace).test", paths: [path: "web"],
                    pathType: "Exact")
            }
            try await bed.api.apply(bad("/("))
            let event = try await replicas.hasEvent("bad", "Quarantined", "nginx rejects", showing: [controller])
            #expect(event["message"].string?.contains(bed.folder.path) == false)
            #expect(try await replicas.events("bad", reason: "Synced").isEmpty)
            try await bed.api.apply(bad("/"))
            try await replicas.hasEvent("bad", "Synced", showing: [controller])
            #expect(try await replicas.events("bad", reason: "Quarantined").map { $0["count"].int } == [1])
            await controller.stop()
        }

        @Test("a restart sends no Event again")
        func restart() async throws {
            let replicas = try await Replicas.make()
            let bed = replicas.bed
            let controller = try await replicas.start("one")
            try await bed.api.apply(replicas.ingress("web"))
            try await bed.api.apply(
                bed.ingress("lost", namespace: replicas.namespace, host: "lost.test", paths: ["/": "none"]))
            try await replicas.hasEvent("web", "Synced", showing: [controller])
            try await replicas.hasEvent("lost", "ServiceNotFound", showing: [controller])
            #expect(await controller.stop() == .exited(0))
            let next = try await replicas.start("one", after: controller)
            try await next.leads()
            // Events are sent in order: this one comes after all others that are due.
            try await bed.api.apply(replicas.ingress("zzz"))
            try await replicas.hasEvent("zzz", "Synced", showing: [next])
            for (name, reasons) in [("web", ["Synced"]), ("lost", ["ServiceNotFound", "Synced"])] {
                let events = try await replicas.events(name)
                #expect(events.map { $0["reason"].string ?? "" }.sorted() == reasons)
                #expect(events.allSatisfy { $0["count"].int == 1 })
            }
            await next.stop()
        }
    }
}
