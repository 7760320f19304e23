import TestBed
import Testing

extension ClusterTests {
    @Suite("Host ownership")
    struct OwnershipTests {
        @Test("the oldest of three Ingresses serves the host; after its deletion, the next oldest does")
        func oldest() async throws {
            let stage = try await Stage.shared.get()
            let (bed, controller) = (stage.bed, stage.controller)
            // The names sort in the opposite order of creation: only the time decides.
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
                // The others serve nothing on this host, not even their own paths.
                for other in names where other != name {
                    try await controller.reaches(addresses[index], host: host, path: "/\(other)")
                }
                let status = try await controller.status()
                let entry = status["hosts"].array.first { $0["host"].string == host }
                #expect(entry?["owner"].string == "\(namespace)/\(name)")
                let rejections = status["rejections"].array.filter { $0["value"].string == host }
                #expect(
                    rejections.map { $0["ingress"].string }
                        == names[(index + 1)...].sorted().map { "\(namespace)/\($0)" })
                #expect(rejections.allSatisfy { $0["owner"].string == "\(namespace)/\(name)" })
                #expect(rejections.allSatisfy { $0["reason"].string == "HostConflict" })
                try await bed.api.delete(bed.ingress(name, namespace: namespace, host: host))
            }
            try await controller.serves(host, status: 404)
        }
    }
}
