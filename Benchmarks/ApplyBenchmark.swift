import HTTPClient
import TestBed

/// From the request that creates an Ingress to the first response through nginx.
struct ApplyBenchmark {
    let rounds: Int

    func run() async throws {
        let bed = try await Bed.start()
        let namespace = try await bed.makeNamespace()
        try await bed.makeService("web", namespace: namespace)
        let controller = try await Controller.start(
            folder: bed.folder, source: .kubeconfig(bed.kubeconfig), resolver: bed.dns.address)

        var times: [Duration] = []
        for round in 1...rounds {
            // A change after a quiet time; --reload-interval is 1 s.
            try await Task.sleep(for: .milliseconds(1500))
            let host = "round-\(round).example.com"
            let request = controller.request(host: host)
            let start = ContinuousClock.now
            try await bed.api.apply(bed.ingress("round-\(round)", namespace: namespace, host: host))
            try await eventually(
                "\(host) is served", every: .milliseconds(1), showing: [controller.process]
            ) { try await controller.send(request).status == 200 }
            times.append(.now - start)
        }
        await controller.stop()
        print("apply to served, \(rounds) rounds, milliseconds:")
        print(Percentiles(times).table)
    }
}
