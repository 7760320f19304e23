internal import NginxConfig
internal import Routing

/// The DNS resolver that nginx uses: the dnsmasq sidecar.
extension Settings {
    /// The port of an address that has none.
    static let resolverPort = Variable<ServicePort>(name: "RESOLVER_PORT", parse: ServicePort.init(_:))

    static func resolver(port: ServicePort = .dns) -> Setting<AddressAndPort> {
        address("resolver", help: "IP address of the DNS resolver", recording: .described, port)
    }

    static func listen(port: ServicePort = .dns) -> Setting<AddressAndPort> {
        address("listen", help: "IP address on which dnsmasq listens", recording: .omitted, port)
    }

    /// Nil if pods have no names.
    static let hostsDir = Setting<AbsolutePath?>(
        "hosts-dir", variable: "HOSTS_DIR", default: .value(nil, named: "none"),
        help: "Folder of hosts files through which dnsmasq knows the pods of Services", recording: .omitted,
        parse: { text throws(InvalidValue) in try AbsolutePath(text) })

    static let resolvConf = Setting<String>(
        "resolv-conf", variable: "RESOLV_CONF", default: .text("/etc/resolv.conf"),
        help: "File that lists the name servers", recording: .omitted, parse: Parsing.text)

    private static func address(
        _ name: String, help: String, recording: Setting<AddressAndPort>.Recording, _ port: ServicePort
    ) -> Setting<AddressAndPort> {
        Setting(
            name, variable: "RESOLVER", otherVariables: [resolverPort.name], default: .text("127.0.0.1:\(port)"),
            help: help, recording: recording
        ) { text throws(InvalidValue) in try AddressAndPort(text, defaultPort: port) }
    }
}
