import Audit
import Foundation

typealias Record = AuditRecord

func time(_ second: Int) -> Timestamp {
    Timestamp(
        "2026-01-31T03:\(second < 600 ? "0" : "")\(second / 60):\(second % 60 < 10 ? "0" : "")\(second % 60).000Z")
        ?? Timestamp(.distantPast)
}

func line(_ second: Int, pod: String = "edge-1", sequence: Int? = nil, _ record: Record) -> AuditLine {
    AuditLine(time: time(second), pod: pod, sequence: sequence, record)
}

func cause(_ object: String, _ change: String, by manager: String? = "kubectl", kind: String = "Ingress")
    -> Record.CauseEntry
{
    let parts = object.split(separator: "/").map(String.init)
    return Record.CauseEntry(
        kind: kind, namespace: parts.count > 1 ? parts[0] : "", name: parts.last ?? "", change: change,
        resourceVersion: "7", manager: manager)
}

func certificate(_ host: String, _ digit: String, version: Int? = 1) -> Record.CertificateEntry {
    Record.CertificateEntry(
        host: host, sha256: String(repeating: digit, count: 8), notAfter: "2026-06-01T00:00:00Z",
        source: "vault:secret/ssl/\(host)", version: version)
}

let times = Record.Reload.Times(
    route: .microseconds(1240), render: .microseconds(3400), test: .milliseconds(20), reload: .milliseconds(15),
    total: .milliseconds(41))

func reload(
    _ generation: Int, _ result: Record.Reload.Result = .applied, causes: [Record.CauseEntry] = [],
    added: [String] = [], removed: [String] = [], changed: [String] = [], owners: [String: String] = [:],
    conflicts: [Record.Conflict] = [], certificates: [Record.CertificateEntry] = [],
    quarantined: [Record.Quarantined] = [], error: String? = nil
) -> Record {
    .reload(
        Record.Reload(
            generation: generation, result: result, causes: causes,
            hosts: .init(added: added, removed: removed, changed: changed), owners: owners, conflicts: conflicts,
            certificates: certificates, quarantined: quarantined, milliseconds: times, hostCount: 1, sha256: "ab",
            error: error))
}

func entry(
    _ host: String, _ owner: String?, claimants: [String]? = [], certificate: Record.CertificateEntry? = nil,
    cause: Record.CauseEntry? = nil
) -> Record.HostEntry {
    Record.HostEntry(host: host, owner: owner, claimants: claimants, certificate: certificate, cause: cause)
}

func whole(_ generation: Int?, _ entries: Record.HostEntry...) -> Record {
    .hosts(Record.Hosts(generation: generation, scope: .whole, part: 1, parts: 1, hosts: entries))
}

let started = Record.start(
    Record.Start(version: "0.1.0", nginx: "1.22.1", templates: "0123456789", settings: ["http-port": "80"]))
