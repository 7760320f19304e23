internal import KubernetesAPI
public import Routing

/// A value of a type that has validated it, for a configuration file.
///
/// Templates accept no other value (`TemplateField`), and no other package can add a type: text from the cluster cannot
/// reach a file without validation.
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

/// The name of a server in the syntax of `server_name`.
struct ServerName: ConfigurationValue {
    let host: Host

    /// A wildcard becomes a regular expression, because `*.` of nginx matches more than one label. The catch-all has
    /// the customary name that no request can have: `default_server` selects its server.
    var configurationText: String {
        switch host {
        case .exact(let name): name
        case .wildcard(let parent): "~^[^.]+[.]" + parent.replacing(".", with: "[.]") + "$"
        case .catchAll: "_"
        }
    }
}

/// The host in text for people; `*` is the catch-all.
struct HostText: ConfigurationValue {
    let host: Host

    var configurationText: String { host.description }
}

/// The owner of a server; empty for a name that is not valid, which the router rejects.
struct OwnerName: ConfigurationValue {
    let configurationText: String

    init(_ owner: OwnerRef) {
        configurationText = (try? ObjectName(owner.key))?.description ?? ""
    }
}
