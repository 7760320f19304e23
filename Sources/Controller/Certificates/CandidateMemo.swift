internal import NginxConfig
internal import Routing
internal import Synchronization

/// The sources of each host's certificate, as of the last table: they depend on the host and its owner only.
final class CandidateMemo: Sendable {
    private struct Entry {
        let owner: OwnerRef
        let candidates: [CertificateSource]
    }

    private let last = Mutex<[Host: Entry]>([:])

    /// - Parameters:
    ///   - hosts: all of a table; the others are forgotten.
    ///   - find: the sources of a host that has another owner now, or is new.
    func candidates(
        of hosts: [VirtualHost], find: (VirtualHost) -> [CertificateSource]
    ) -> [[CertificateSource]] {
        last.withLock { last in
            var entries: [Host: Entry] = Dictionary(minimumCapacity: hosts.count)
            let found = hosts.map { host in
                let known = last[host.host].flatMap { $0.owner == host.owner ? $0.candidates : nil }
                let candidates = known ?? find(host)
                entries[host.host] = Entry(owner: host.owner, candidates: candidates)
                return candidates
            }
            last = entries
            return found
        }
    }
}
