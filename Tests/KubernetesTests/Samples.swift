import Foundation

@testable import Kubernetes
@testable import KubernetesAPI

func decode<Value: Decodable>(_ json: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
}

func ingress(
    _ name: String, namespace: String = "shop", version: String = "1", labels: [String: String] = [:],
    lastWriter: String? = nil
) -> Ingress {
    Ingress(
        metadata: ObjectMeta(
            name: name, namespace: namespace, resourceVersion: version, labels: labels,
            lastWriter: lastWriter.map { .init(manager: $0, time: nil) }),
        spec: .init())
}

extension Date {
    /// The time in seconds since 1970.
    init(_ seconds: Int) { self.init(timeIntervalSince1970: Double(seconds)) }
}

extension String {
    var bytes: [UInt8] { [UInt8](utf8) }
}
