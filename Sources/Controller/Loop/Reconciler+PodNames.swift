internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing

/// Pods that nginx knows by name: a change of pods needs no reload.
extension Reconciler {
    /// Writes the addresses of the pods into hosts files, and puts the names in their place. The pods of a file that cannot be
    /// written stay in the table.
    func namePods(_ table: inout RoutingTable) async {
        guard let folder = parts.podNames else { return }
        let last = live?.configuration.table.pods ?? [:]
        let entries = table.pods.compactMapValues { $0 }.reduce(into: [Backend: PodNames.Entry]()) { entries, pods in
            entries[pods.key] = PodNames.entry(for: pods.key, pods.value, last: last[pods.key])
        }
        let files = Dictionary(entries.values.map { ($0.file, $0.text) }) { first, _ in first }
        let (changed, failed) = await folder.write(files)
        if !changed.isEmpty {
            logger.debug(
                "pods written for dnsmasq",
                metadata: ["files": "\(changed.prefix(5).joined(separator: " "))", "count": "\(changed.count)"])
        }
        if let first = failed.min(by: { $0.key < $1.key }) {
            logger.error(
                "cannot write the names of pods; nginx gets their addresses with a reload",
                metadata: ["file": "\(first.key)", "error": "\(first.value)", "failed": "\(failed.count)"])
        }
        for (backend, entry) in entries where failed[entry.file] == nil { table.pods[backend] = entry.names }
    }

    /// Removes the hosts files that nginx does not use.
    func removeUnusedNames(_ table: RoutingTable) async {
        guard let folder = parts.podNames else { return }
        let used = table.pods.compactMap { PodNames.entry(for: $0.key, [], last: $0.value)?.file }
        await folder.removeAll(except: Set(used))
    }
}
