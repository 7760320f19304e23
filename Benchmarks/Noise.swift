import Foundation
import HTTPClient
import TestBed

/// What other tenants do at the same time, in `scripts/bench neighbours`.
struct Noise {
    let bed: Bed
    let controller: Controller
    let hostile: HostileBackend

    /// The Ingresses of one namespace with a thousand hosts each.
    static let ingresses = 6
    static let heavyServices = 1000

    /// Creates the Ingresses with many hosts: also for the measurement without noise, so that both have the same number of
    /// admitted hosts.
    static func makeHosts(_ bed: Bed) async throws {
        try await makeNamespace("greedy", bed)
        try await bed.makeService("web", namespace: "greedy")
        let backend: JSON = ["service": ["name": "web", "port": ["number": .integer(bed.backend.port)]]]
        for number in 0..<ingresses {
            let rules = (0..<1000).map { rule -> JSON in
                [
                    "host": .string("h\(rule).m\(number).greedy.example.com"),
                    "http": ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]],
                ]
            }
            try await bed.api.apply([
                "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
                "metadata": ["name": .string("many\(number)"), "namespace": "greedy"],
                "spec": ["ingressClassName": "vault-ingress", "rules": .array(rules)],
            ])
        }
    }

    /// Runs until it is cancelled.
    func run() async throws {
        for namespace in ["heavy", "editor", "evil"] { try await Self.makeNamespace(namespace, bed) }
        try await bed.makeService("web", namespace: "editor")
        try await makeLoop()
        try await makeHostile()
        await withTaskGroup { group in
            group.addTask { @Sendable in await hostile.run() }
            group.addTask { @Sendable in try? await edit() }
            group.addTask { @Sendable in try? await makeHeavyServices() }
            group.addTask { @Sendable in await repeatRequest("loop.evil.svc.cluster.local", pause: .milliseconds(20)) }
            for _ in 0..<8 {
                group.addTask { @Sendable in await repeatRequest("hostile.evil.example.com", pause: .milliseconds(10)) }
            }
            for _ in 0..<2 {
                group.addTask { @Sendable in await repeatRequest("grpc.evil.example.com", pause: .milliseconds(50)) }
            }
            await group.waitForAll()
        }
    }

    /// 25 Services a second, 6 MB: more would measure how an API server and etcd on the same two cores take the time
    /// of the controller.
    private func makeHeavyServices() async throws {
        let services = HeavyServices(bed: bed, namespace: "heavy")
        for number in 0..<Self.heavyServices {
            try await services.apply(number..<number + 1)
            try await Task.sleep(for: .milliseconds(40))
        }
    }

    /// An Ingress that changes continuously.
    private func edit() async throws {
        var number = 0
        while !Task.isCancelled {
            number += 1
            try await bed.api.apply(
                bed.ingress(
                    "edited", namespace: "editor", host: "edited.example.com",
                    paths: ["/": "web", "/\(number % 100)": "web"]))
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// A Service whose name leads back to nginx.
    private func makeLoop() async throws {
        let host = "loop.evil.svc.cluster.local"
        try bed.dns.set(service: "loop", namespace: "evil", address: "127.0.0.1")
        try await bed.api.apply([
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "loop", "namespace": "evil"],
            "spec": [
                "type": "ExternalName", "externalName": .string(host),
                "ports": [["port": .integer(controller.httpPort), "protocol": "TCP"]],
            ],
        ])
        try await bed.api.apply(ingress("loop", host: host, service: "loop", port: controller.httpPort))
    }

    private func makeHostile() async throws {
        let service = try await bed.api.apply([
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "hostile", "namespace": "evil"],
            "spec": ["ports": [["port": .integer(hostile.port), "protocol": "TCP"]]],
        ])
        guard let address = service["spec"]["clusterIP"].string else { throw BedError("no clusterIP in \(service)") }
        try bed.dns.set(service: "hostile", namespace: "evil", address: address)
        try await bed.api.apply(
            ingress("hostile", host: "hostile.evil.example.com", service: "hostile", port: hostile.port))
        var grpc = ingress("grpc", host: "grpc.evil.example.com", service: "hostile", port: hostile.port)
        grpc["metadata"]["annotations"] = ["vault-ingress.io/backend-protocol": "grpc"]
        try await bed.api.apply(grpc)
    }

    private func ingress(_ name: String, host: String, service: String, port: Int) -> JSON {
        let backend: JSON = ["service": ["name": .string(service), "port": ["number": .integer(port)]]]
        return [
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": ["name": .string(name), "namespace": "evil"],
            "spec": [
                "ingressClassName": "vault-ingress",
                "rules": [
                    [
                        "host": .string(host),
                        "http": ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]],
                    ]
                ],
            ],
        ]
    }

    private func repeatRequest(_ host: String, pause: Duration) async {
        var request = controller.request(host: host)
        request.timeout = .seconds(30)
        while !Task.isCancelled {
            _ = try? await controller.send(request)
            try? await Task.sleep(for: pause)
        }
    }

    static func makeNamespace(_ name: String, _ bed: Bed) async throws {
        try await bed.api.apply(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]])
    }
}
