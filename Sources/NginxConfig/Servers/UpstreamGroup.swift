internal import Routing

/// The name of an `upstream` block: the pods of one port of a Service. It cannot be the name of a backend that nginx
/// resolves, which has a port after a colon.
struct UpstreamGroup: ConfigurationValue, Hashable {
    let address: DNSName
    let port: ServicePort
    /// Nil for affinity.
    let balancing: Balancing?

    var configurationText: String {
        guard let balancing else { return "\(address)_\(port)" }
        return "\(address)_\(port)_\(balancing.backendProtocol.rawValue)_\(balancing.method.rawValue)"
    }
}
