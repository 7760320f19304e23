internal import Routing

/// The name of an `upstream` block: the pods behind a port of a Service. No request can mean it by another name: what
/// is looked up always has a port behind a colon.
struct UpstreamGroup: ConfigurationValue, Hashable {
    let address: DNSName
    let port: ServicePort

    var configurationText: String { "\(address)_\(port)" }
}
