internal import KubernetesAPI
public import Routing

/// A value that may stand in a configuration file: its type has already refused what does not belong there.
///
/// Templates accept nothing else (`TemplateField`), and no other package can add a type: text from the cluster cannot
/// reach a file unvalidated.
package protocol ConfigurationValue: Sendable {
    /// Unescaped; the content type of the template escapes it.
    var configurationText: String { get }
}

extension DNSName: ConfigurationValue {
    public var configurationText: String { text }
}

extension ServicePort: ConfigurationValue {
    public var configurationText: String { String(number) }
}

extension IPAddress: ConfigurationValue {
    public var configurationText: String { text }
}

extension AddressAndPort: ConfigurationValue {
    public var configurationText: String { description }
}

/// The name of a server as nginx's `server_name` takes it.
struct ServerName: ConfigurationValue {
    let host: Host

    /// A wildcard becomes an expression, because nginx's own `*.` matches more than one label. The catch-all gets the
    /// customary name that no request can carry: its server is chosen by `default_server`.
    var configurationText: String {
        switch host {
        case .exact(let name): name
        case .wildcard(let parent): "~^[^.]+[.]" + parent.replacing(".", with: "[.]") + "$"
        case .catchAll: "_"
        }
    }
}

/// The host as people write it; `*` is the catch-all.
struct SiteName: ConfigurationValue {
    let host: Host

    var configurationText: String { host.description }
}

/// Whose a server is. The router lets no Ingress in whose name is not valid; if one came by another way, nobody's.
struct OwnerName: ConfigurationValue {
    let configurationText: String

    init(_ owner: OwnerRef) {
        configurationText = (try? ObjectName(owner.key))?.description ?? ""
    }
}
