internal import KubernetesAPI
public import Routing

/// Names for the pods of Services, which the local dnsmasq answers from hosts files: nginx follows a change of pods without a
/// reload. Each port of the pods has a name, because a DNS address has none.
///
/// In the table that is rendered, `address` takes the place of the pods.
public enum PodNames {
    /// No server outside of this pod answers for it.
    public static let domain = "pods.vault-ingress"
    /// Broadcast: a connection to it fails at once. Nothing else has it.
    static let address = "255.255.255.255"

    /// What nginx is told of the pods of a Service, and the hosts file with their addresses.
    public struct Entry: Sendable, Equatable {
        /// One for each port.
        public var names: [AddressAndPort]
        public var file: String
        public var text: String
    }

    /// - Parameters:
    ///   - last: what nginx was told last. A Service that loses its last pod keeps the names, without a reload.
    /// - Returns: nil for other backends than `Backend.endpoints`.
    public static func entry(for backend: Backend, _ pods: [AddressAndPort], last: [AddressAndPort]?) -> Entry? {
        guard case .endpoints(let service, _, let port, _) = backend, let none = try? IPAddress(address) else {
            return nil
        }
        var ports = Set(pods.map(\.port))
        if ports.isEmpty { ports = Set(last?.map(\.port) ?? []) }
        if ports.isEmpty { ports = [port] }
        let sorted = ports.sorted { $0.number < $1.number }
        let lines = sorted.flatMap { number in
            let found = pods.filter { $0.port == number }.map(\.address)
            let name = PodName(service: service, port: port, podPort: number)
            return (found.isEmpty ? [none] : found).map { "\($0) \(name.configurationText)\n" }
        }
        return Entry(
            names: sorted.map { AddressAndPort(address: none, port: $0) },
            file: "\(service.namespace).\(service.name).\(port)", text: lines.joined())
    }
}

extension PodNames {
    /// The names that stand for the pods of a backend; nil for pods themselves.
    static func servers(of backend: Backend, _ pods: [AddressAndPort]) -> [PodNameServer]? {
        guard case .endpoints(let service, _, let port, _) = backend, pods.first?.address.text == address else {
            return nil
        }
        return pods.map { PodNameServer(name: PodName(service: service, port: port, podPort: $0.port)) }
    }
}

/// The name of the pods of a Service that listen on one port: `POD_PORT.PORT.SERVICE.NAMESPACE.pods.vault-ingress`.
struct PodName: ConfigurationValue {
    let service: ObjectKey
    let port: ServicePort
    let podPort: ServicePort

    var configurationText: String {
        "\(podPort).\(port).\(service.name).\(service.namespace).\(PodNames.domain)"
    }
}

struct PodDomain: ConfigurationValue {
    var configurationText: String { PodNames.domain }
}

/// A pod name as an nginx server, with the port.
struct PodNameServer: ConfigurationValue {
    let name: PodName

    var configurationText: String { "\(name.configurationText):\(name.podPort)" }
}
