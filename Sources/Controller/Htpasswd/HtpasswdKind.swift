public import Audit
internal import Basics
public import Kubernetes
public import Nginx
public import NginxConfig
public import Routing
public import Vault

public import struct Foundation.Date

/// Htpasswd files as a kind of secret.
public struct HtpasswdKind: SecretKind {
    /// A host without its htpasswd file answers 503 on every replica.
    public static var isNeededForReadiness: Bool { false }

    public static var names: SecretKindNames {
        SecretKindNames(
            singular: "htpasswd file", plural: "htpasswd files", metric: "htpasswd_files", statusKey: "htpasswdFiles")
    }

    private let folder: HtpasswdFolder
    private let reader: HtpasswdReader

    /// - Parameters:
    ///   - vault: nil if no Vault is configured.
    ///   - cluster: nil if Secrets must not be read.
    public init(folder: HtpasswdFolder, vault: VaultClient?, cluster: KubernetesClient?) {
        self.folder = folder
        reader = HtpasswdReader(vault: vault, cluster: cluster)
    }

    public func requests(for table: RoutingTable) -> [HtpasswdRequest] {
        var owners: [HtpasswdSource: Set<OwnerRef>] = [:]
        for host in table.hosts {
            if let source = host.settings.basicAuth?.source { owners[source, default: []].insert(host.owner) }
        }
        return owners.sorted { $0.key < $1.key }.map { HtpasswdRequest(subject: $0.key, owners: $0.value.sorted()) }
    }

    public func read(
        _ source: HtpasswdSource, known: KnownSecret<HtpasswdFile>?, now: Date
    ) async -> SourceAnswer<ReadHtpasswd> {
        await reader.read(source, known: known)
    }

    public func check(
        _ content: ReadHtpasswd, for request: HtpasswdRequest, now: Date
    ) -> SecretAnswer<HtpasswdFile, Htpasswd> {
        .found(content.file, content.htpasswd)
    }

    public func write(_ htpasswd: Htpasswd, as file: HtpasswdFile) throws {
        try folder.write(htpasswd, at: file.source)
    }

    public func isOnDisk(_ file: HtpasswdFile) -> Bool { folder.contains(file.source) }

    public func removeFiles(except needed: [HtpasswdFile]) { folder.removeAll(except: Set(needed.map(\.source))) }

    /// nginx opens the file for each request.
    public static func needsReload(from old: HtpasswdFile, to new: HtpasswdFile) -> Bool { false }

    /// Without digest and version: a file is replaced in place, so that it may be newer than the configuration.
    public static func files(in served: ServedSecrets) -> [HtpasswdSource: HtpasswdFile] {
        Dictionary(served.htpasswdFiles.map { ($0.source, HtpasswdFile(source: $0.source)) }) { first, _ in first }
    }

    public static func add(_ files: [HtpasswdSource: HtpasswdFile], to served: inout ServedSecrets) {
        served.htpasswdFiles = files.values.sorted { $0.source < $1.source }
    }

    public static func auditRecord(of report: HtpasswdReport) -> AuditRecord {
        .users(
            AuditRecord.Users(
                path: report.request.subject.text, state: report.state.name,
                problem: report.state.problem.map { "Htpasswd\($0.kind.rawValue)" },
                reason: report.state.problem?.text, version: report.stored?.version?.number))
    }

    public static func statusEntry(of report: HtpasswdReport) -> any Encodable { StatusEntry(report) }

    private struct StatusEntry: Encodable {
        var path: String
        var state: String
        var reason: String?
        var since: String?
        var version: Int?
        /// The numbers of the lines that are left out.
        var skippedLines: [Int]?

        init(_ report: HtpasswdReport) {
            path = report.request.subject.text
            state = report.state.name
            reason = report.state.problem?.text
            since = report.state.staleSince
            version = report.stored?.version?.number
            skippedLines = report.stored.flatMap { $0.skippedLines.isEmpty ? nil : $0.skippedLines }
        }
    }
}

extension SecretReports {
    /// Sorted by place.
    public var htpasswdFiles: [HtpasswdReport] { self[HtpasswdKind.self] }
}
