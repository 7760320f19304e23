public import Routing

/// The configuration of the dnsmasq sidecar: its address and its name servers.
public struct DnsmasqConfig: Sendable, Equatable {
    public var listen: AddressAndPort
    /// In the order of `/etc/resolv.conf`, each once, without `listen` itself.
    public var upstreams: [AddressAndPort]
    /// The folder of hosts files with the names of pods; nil for none.
    public var hostsFolder: AbsolutePath?

    /// - Parameter resolvConf: the text of `/etc/resolv.conf` (resolv.conf(5)). Only `nameserver` lines are
    ///   used: with `ndots:5`, search domains would turn one lookup into several that fail.
    /// - Throws: `InvalidValue` for a name server that is not an address, or without any name server.
    public init(listen: AddressAndPort, resolvConf: String) throws(InvalidValue) {
        var upstreams: [AddressAndPort] = []
        for line in resolvConf.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.first == "nameserver", words.count >= 2 else { continue }
            let upstream = AddressAndPort(address: try IPAddress(String(words[1])), port: .dns)
            if upstream != listen, !upstreams.contains(upstream) { upstreams.append(upstream) }
        }
        guard !upstreams.isEmpty else {
            throw InvalidValue(
                "", expected: "at least one 'nameserver ADDRESS' line with another address than \(listen)")
        }
        self.listen = listen
        self.upstreams = upstreams
    }

    /// The text of dnsmasq.conf.
    public func rendered(with templates: TemplateSet) -> String {
        let context = TemplateContext([
            .listenAddress: .value(listen.address),
            .listenPort: .value(listen.port),
            .hostsFolder: .optional(hostsFolder),
            .podDomain: .value(PodDomain()),
            .upstreams: .list(
                upstreams.map { TemplateContext([.address: .value($0.address), .port: .value($0.port)]) }),
        ])
        return templates.render(context, with: "dnsmasq.conf")
    }
}
