public import Foundation

/// The resolver of the cluster: a dnsmasq that answers for Services, and with NXDOMAIN for other names.
public struct ClusterDNS: Sendable {
    public let port: Int
    /// Its query log is the process's log.
    public let process: ServerProcess
    private let hosts: URL

    private static let readyName = "ready.cluster.local"

    /// `127.0.0.1:PORT`, for `--resolver`.
    public var address: String { "127.0.0.1:\(port)" }

    /// - Parameters:
    ///   - name: of its files in `folder`; several may run in one.
    ///   - sharing: another resolver for whose Services it answers too.
    public static func start(
        folder: URL, name: String = "cluster-dns", sharing: ClusterDNS? = nil
    ) async throws -> ClusterDNS {
        let port = try FreePort.next()
        let hosts = sharing?.hosts ?? folder.appending(path: "\(name).hosts")
        try FileManager.default.createDirectory(at: hosts, withIntermediateDirectories: true)
        let process = try await ServerProcess(
            name,
            .init(
                try Tools.dnsmasq,
                [
                    "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=", "--group=",
                    "--port=\(port)", "--listen-address=127.0.0.1", "--bind-interfaces",
                    "--no-resolv", "--no-hosts", "--hostsdir=\(hosts.path)",
                    // A local domain: a query for an IPv6 address that does not exist gets an empty answer, as from a
                    // cluster's DNS, instead of REFUSED. No other domain exists.
                    "--local=/cluster.local/", "--address=/#/",
                    "--host-record=\(readyName),127.0.0.1",
                    "--log-queries", "--log-facility=-",
                ]),
            folder: folder)
        let dns = ClusterDNS(port: port, process: process, hosts: hosts)
        // dnsmasq reads its hosts before it answers.
        try await process.ready("dnsmasq answers") { try await dns.lookUp(readyName) != nil }
        return dns
    }

    /// Adds a Service (dnsmasq watches the folder).
    public func set(service: String, namespace: String, address: String) throws {
        let name = "\(service).\(namespace).svc.cluster.local"
        // Renamed, because dnsmasq could read a partial file.
        let draft = hosts.deletingLastPathComponent().appending(path: ".\(name)")
        try "\(address) \(name)\n".write(to: draft, atomically: false, encoding: .utf8)
        guard rename(draft.path, hosts.appending(path: name).path) == 0 else {
            throw BedError("\(draft.path) was not renamed: \(String(cString: strerror(errno)))")
        }
    }

    /// Removes a Service.
    public func remove(service: String, namespace: String) throws {
        try FileManager.default.removeItem(at: hosts.appending(path: "\(service).\(namespace).svc.cluster.local"))
        // dnsmasq forgets a removed file only when it reads everything again (dnsmasq(8), SIGHUP).
        process.signal(SIGHUP)
    }
}
