public import Routing

/// The sidecar's configuration: where it listens and whom it asks.
public struct DnsmasqConfig: Sendable, Equatable {
    public var listen: AddressAndPort
    /// In the order of `/etc/resolv.conf`, each once, without `listen` itself.
    public var upstreams: [AddressAndPort]

    /// - Parameter resolvConf: the text of `/etc/resolv.conf` (resolv.conf(5)). Only `nameserver` lines count;
    ///   search domains are left out on purpose: under `ndots:5` they turn each lookup into a flood of NXDOMAIN.
    /// - Throws: `InvalidValue` for a name server that is no address, or when there is none left to ask.
    public init(listen: AddressAndPort, resolvConf: String) throws(InvalidValue) {
        var upstreams: [AddressAndPort] = []
        for line in resolvConf.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.first == "nameserver", words.count >= 2 else { continue }
            let upstream = AddressAndPort(address: try IPAddress(String(words[1])), port: .dns)
            if upstream != listen, !upstreams.contains(upstream) { upstreams.append(upstream) }
        }
        guard !upstreams.isEmpty else {
            throw InvalidValue("", expected: "at least one 'nameserver ADDRESS' line besides \(listen) itself")
        }
        self.listen = listen
        self.upstreams = upstreams
    }

    /// The text of dnsmasq.conf.
    public func rendered(with templates: TemplateSet) -> String {
        let context = TemplateContext([
            .listenAddress: .value(listen.address),
            .listenPort: .value(listen.port),
            .upstreams: .list(
                upstreams.map { TemplateContext([.address: .value($0.address), .port: .value($0.port)]) }),
        ])
        return templates.render(context, with: "dnsmasq.conf")
    }
}
