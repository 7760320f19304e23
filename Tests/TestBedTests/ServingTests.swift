import TestBed
import Testing

/// The program under test, started by the test bed.
@Suite("Serving")
struct ServingTests {
    @Test("an applied Ingress is served, a deleted one answers 404, and SIGTERM exits with 0")
    func serving() async throws {
        let bed = try await sharedBed.get()
        let namespace = try await bed.makeNamespace()
        let address = try await bed.makeService("web", namespace: namespace)
        let controller = try await Controller.start(
            folder: bed.folder, source: .kubeconfig(bed.kubeconfig), resolver: bed.dns.address)
        let ingress = bed.ingress("web", namespace: namespace, host: "web.example.com")
        try await bed.api.apply(ingress)
        try await controller.serves("web.example.com")
        #expect(try await controller.answer(controller.request(host: "web.example.com")).serverAddress == address)

        let socket = try await WebSocket.connect(
            port: controller.httpPort, host: "web.example.com", path: "/websocket")
        #expect(try await socket.echo("hello") == "hello")
        try socket.close()

        try await bed.api.delete(ingress)
        try await controller.serves("web.example.com", status: 404)
        // Written after all of nginx's workers are verified, so later than the first new answer.
        try await eventually("the audit log names the removed host") {
            try controller.audit().contains {
                $0["result"].string == "applied" && $0["hosts"]["removed"][0].string == "web.example.com"
            }
        }
        #expect(await controller.stop() == .exited(0))
    }
}
