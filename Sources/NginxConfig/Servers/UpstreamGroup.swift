internal import Routing

/// The name of an `upstream` block: the pods of one port of a Service. It cannot be the name of a backend that nginx
/// resolves, which has a port after a colon.
struct UpstreamGroup: ConfigurationValue, Hashable {
    let address: DNSName
    let port: ServicePort

    var configurationText: String { "\(address)_\(port)" }
}
