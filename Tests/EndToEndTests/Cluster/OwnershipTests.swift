import TestBed
import Testing

extension ClusterTests {
    @Suite("Whose host it is")
    struct OwnershipTests {
        @Test("the oldest of three Ingresses serves the host; when it goes, the next oldest does")
        func oldest() async throws {
            let stage = try await Stage.shared.get()
            let (bed, controller) = (stage.bed, stage.controller)
            // Names and namespaces against the order of age: only the time may decide.
            let names = ["c", "b", "a"]
            let namespace = try await bed.makeNamespace()
            let host = "\(namespace).test"
            var addresses: [String] = []
            for name in names {
                addresses.append(try await bed.makeService(name, namespace: namespace))
                let created = try await bed.api.apply(
                    bed.ingress(name, namespace: namespace, host: host, paths: ["/\(name)": name, "/": name]))
                try await bed.clockPasses(created)
            }
            for (index, name) in names.enumerated() {
                try await controller.reaches(addresses[index], host: host)
                // The others serve nothing there, not even paths of their own.
                for other in names where other != name {
                    try await controller.reaches(addresses[index], host: host, path: "/\(other)")
                }
                let status = try await controller.status()
                let entry = status["hosts"].array.first { $0["host"].string == host }
                #expect(entry?["owner"].string == "\(namespace)/\(name)")
                let told = status["rejections"].array.filter { $0["value"].string == host }
                #expect(
                    told.map { $0["ingress"].string } == names[(index + 1)...].sorted().map { "\(namespace)/\($0)" })
                #expect(told.allSatisfy { $0["owner"].string == "\(namespace)/\(name)" })
                #expect(told.allSatisfy { $0["reason"].string == "HostConflict" })
                try await bed.api.delete(bed.ingress(name, namespace: namespace, host: host))
            }
            try await controller.serves(host, status: 404)
        }
    }
}
