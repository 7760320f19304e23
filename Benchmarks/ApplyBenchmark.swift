import HTTPClient
import TestBed

/// Measures the time from the request that creates an Ingress to its first response through nginx.
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
            // Longer than --reload-interval (1 s), so that the change is applied immediately.
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
        print("from apply to the first response, \(rounds) rounds, milliseconds:")
        print(Percentiles(times).table)
    }
}
