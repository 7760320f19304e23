internal import Glibc
internal import NginxConfig
internal import Routing

internal import struct Foundation.Data
internal import class Foundation.JSONDecoder

/// Reads a generation of version 0.1.0, which has listings for people and no `generation.json`. `last-good.json` beside
/// the generations has the hosts of the live one. The only code that reads a listing: each is read once, then
/// converted.
struct Version1State {
    let configuration: Configuration

    /// - Throws: `FileError` if a listing exists and cannot be read.
    init(_ generation: Generation, in state: StateDirectory) throws(FileError) {
        let certificates = Self.certificates(try Self.listing("certificates.txt", generation))
        let users = try Self.listing("users.txt", generation)
        let known = Dictionary(Self.lastGood(in: state).map { ($0.host, $0) }) { first, _ in first }
        let hosts = Self.owners(try Self.listing("routes.txt", generation)).map { host, owner in
            if let known = known[host], known.owner == owner { return known }
            // Its routes are in nginx.conf and nowhere else. They are needed only if nginx rejects the Ingress's next
            // configuration, and then 503 is the answer.
            let tls = certificates.byHost[host] != nil
            return VirtualHost(
                host: host, owner: owner, routes: [Route(match: .prefix(.root), backend: .unavailable)],
                settings: HostSettings(tls: tls ? .vault : nil))
        }
        configuration = Configuration(
            table: RoutingTable(hosts: hosts.sorted { $0.host < $1.host }), certificates: certificates,
            htpasswdFiles: users.split(separator: "\n").compactMap { try? VaultPath(String($0)) }.sorted()
                .map { HtpasswdFile(path: $0) })
    }

    /// The text of a listing; empty if it is missing, so that the others are used.
    private static func listing(_ name: String, _ generation: Generation) throws(FileError) -> String {
        guard access("\(generation.folder)/\(name)", F_OK) == 0 else { return "" }
        return try GenerationStore.text(generation, name)
    }

    static func lastGoodFile(in state: StateDirectory) -> String { "\(state.root)/last-good.json" }

    /// The hosts of the live generation; none if the file is missing or damaged.
    private static func lastGood(in state: StateDirectory) -> [VirtualHost] {
        struct Entry: Decodable {
            struct Routes: Decodable {
                let host: Host
                let owner: OwnerRef
                let routes: [Route]
                let needs: HostSettingsVersion1
            }

            let routes: Routes
        }
        guard let file = try? OpenFile(lastGoodFile(in: state), flags: O_RDONLY, operation: "open"),
            let bytes = try? file.readAll(), let entries = try? JSONDecoder().decode([Entry].self, from: Data(bytes))
        else { return [] }
        return entries.map(\.routes).map {
            VirtualHost(host: $0.host, owner: $0.owner, routes: $0.routes, settings: $0.needs.settings)
        }
    }

    /// A line is `HOST<tab>NAMESPACE/NAME<tab>…`; the catch-all is `*`.
    private static func owners(_ text: String) -> [(host: Host, owner: OwnerRef)] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let host = host(fields[0]) else { return nil }
            let names = fields[1].split(separator: "/", maxSplits: 1).map(String.init)
            guard names.count == 2 else { return nil }
            return (host, OwnerRef(kind: .ingress, namespace: names[0], name: names[1]))
        }
    }

    /// A line is `HOST<tab>SHA256<tab>NOT_BEFORE<tab>NOT_AFTER<tab>VERSION<tab>SOURCE`; the default certificate is `-`.
    private static func certificates(_ text: String) -> CertificateSet {
        var set = CertificateSet()
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 5, omittingEmptySubsequences: false)
            guard fields.count == 6, let address = try? ContentAddress(String(fields[1])),
                let notBefore = Int(fields[2]), let notAfter = Int(fields[3]),
                let source = try? CertificateSource(String(fields[5]))
            else { continue }
            let certificate = ServedCertificate(
                address: address, notBefore: notBefore, notAfter: notAfter, source: source,
                // The number without the creation time does not identify a version.
                version: nil)
            if fields[0] == CertificateSet.fallbackName {
                set.fallback = certificate
            } else if let host = host(fields[0]) {
                set.byHost[host] = certificate
            }
        }
        return set
    }

    private static func host(_ text: Substring) -> Host? { try? Host(text == "*" ? "" : String(text)) }
}
