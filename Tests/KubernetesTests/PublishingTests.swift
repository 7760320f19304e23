import Basics
import Foundation
import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite("Published addresses")
struct PublishingTests {
    @Test(
        "a Service publishes its load balancer, else its external IPs, else its ClusterIPs, else its external name",
        arguments: [
            (
                #"{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1","externalIPs":["192.0.2.3"]},"#
                    + #""status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"},{"hostname":"lb.example.com"}]}}}"#,
                [LoadBalancerAddress(ip: "192.0.2.1"), LoadBalancerAddress(hostname: "lb.example.com")]
            ),
            (
                #"{"spec":{"clusterIP":"10.0.0.1","externalIPs":["192.0.2.3"]},"status":{"loadBalancer":{}}}"#,
                [LoadBalancerAddress(ip: "192.0.2.3")]
            ),
            (#"{"spec":{"type":"ClusterIP","clusterIP":"10.0.0.1"}}"#, [LoadBalancerAddress(ip: "10.0.0.1")]),
            (
                #"{"spec":{"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1","fd00::1"]}}"#,
                [LoadBalancerAddress(ip: "10.0.0.1"), LoadBalancerAddress(ip: "fd00::1")]
            ),
            (#"{"spec":{"clusterIP":"None"}}"#, []),
            (#"{"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"}}"#, []),
            (#"{"spec":{"type":"NodePort","clusterIP":"10.0.0.1"}}"#, []),
            (
                #"{"spec":{"type":"ExternalName","externalName":"lb.example.com"}}"#,
                [LoadBalancerAddress(hostname: "lb.example.com")]
            ),
        ])
    func service(json: String, expected: [LoadBalancerAddress]) throws {
        let service: PublishedService = try decode(json)
        #expect(service.addresses == expected)
    }

    private static let own = #"{"manager":"vault-ingress","fieldsV1":{"f:status":{"f:loadBalancer":{"f:ingress":{}}}}}"#
    private static let other = #"{"manager":"other","fieldsV1":{"f:status":{"f:loadBalancer":{"f:ingress":{}}}}}"#
    /// The creator of an Ingress with an empty status owns the status, but not the addresses.
    private static let creator = #"{"manager":"kubectl","fieldsV1":{"f:spec":{},"f:status":{"f:loadBalancer":{}}}}"#

    @Test(
        "a status has a writer if only one field manager owns its addresses",
        arguments: [
            ([own], "vault-ingress"), ([creator, own], "vault-ingress"), ([own, other], nil), ([other], "other"),
            ([creator], nil), ([], nil),
        ] as [([String], String?)])
    func ownership(fields: [String], writer: String?) throws {
        let ingress: Ingress = try decode(
            """
            {"metadata":{"name":"x","managedFields":[\(fields.joined(separator: ","))]},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}
            """)
        #expect(ingress.status == LoadBalancerStatus(addresses: [LoadBalancerAddress(ip: "192.0.2.1")], writer: writer))
    }

    @Test("every installation has its own field manager, within the API server's length limit")
    func manager() {
        func name(_ namespace: String, _ lease: String) -> String {
            FieldManager(lease: ObjectKey(namespace: namespace, name: lease)).description
        }
        #expect(name("vault-ingress", "vault-ingress") == "vault-ingress")
        #expect(name("vault-ingress", "two") == "vault-ingress-vault-ingress/two")
        #expect(name("edge", "vault-ingress") == "vault-ingress-edge/vault-ingress")
        let long = ["a", "b"].map { name("edge", String(repeating: "x", count: 252) + $0) }
        #expect(long[0] != long[1])
        for name in long {
            #expect(name.utf8.count == 128)
            #expect(FieldManager.isProgram(name))
        }
        #expect(!FieldManager.isProgram("vault-ingresses"))
    }

    @Test("a status is stored, but is neither a change nor a cause")
    func statusIsNoChange() async {
        let cache = ObjectCache()
        cache.upsert(ingress("x"))
        await cache.changed.wait()
        _ = cache.take()
        var written = ingress("x", version: "2")
        written.status = LoadBalancerStatus(addresses: [LoadBalancerAddress(ip: "192.0.2.1")], writer: "vault-ingress")
        cache.upsert(written)
        #expect(cache.snapshot.ingresses[written.key] == written)
        #expect(cache.take().changes == [])
        // The next signal belongs to the next change: a signal for the status would come without a change.
        let (marks, mark) = AsyncStream<Bool>.makeStream()
        let reader = Task {
            await cache.changed.wait()
            mark.yield(cache.take().changes.isEmpty)
        }
        try? await Task.sleep(for: .milliseconds(50))
        cache.upsert(ingress("y"))
        for await isEmpty in marks {
            #expect(!isEmpty)
            break
        }
        await reader.value
    }
}
