public import NginxConfig

/// The state of one wanted secret.
public struct SecretReport<Request: SecretRequest>: Sendable, Equatable {
    public var request: Request
    public var state: SecretState
    /// The file that nginx uses; nil if no usable one exists.
    public var stored: Request.Stored?

    public init(request: Request, state: SecretState, stored: Request.Stored?) {
        self.request = request
        self.state = state
        self.stored = stored
    }
}

/// The states of all wanted secrets at one moment.
public struct SecretReports: Sendable {
    /// In the order of `SecretStores`.
    let kinds: [any AnyKindReports]
    /// The longest time until a new version of a secret in use is read.
    let refreshInterval: Duration

    init(_ kinds: [any AnyKindReports] = [], refreshInterval: Duration = .zero) {
        self.kinds = kinds
        self.refreshInterval = refreshInterval
    }

    /// The reports of one kind, sorted by subject.
    subscript<Kind: SecretKind>(_: Kind.Type) -> [SecretReport<Kind.Request>] {
        for case let kind as KindReports<Kind> in kinds { return kind.reports }
        return []
    }

    /// The files that nginx can use now.
    public var served: ServedSecrets {
        kinds.reduce(into: ServedSecrets()) { $1.addFiles(to: &$0) }
    }
}

/// The reports of one kind, as `/status` and `/metrics` use them.
protocol AnyKindReports: Sendable {
    var names: SecretKindNames { get }
    var countByState: [String: Int] { get }
    var statusEntries: [any Encodable] { get }
    func addFiles(to served: inout ServedSecrets)
}

struct KindReports<Kind: SecretKind>: AnyKindReports {
    /// Sorted by subject.
    var reports: [SecretReport<Kind.Request>]

    var names: SecretKindNames { Kind.names }
    var countByState: [String: Int] { Dictionary(grouping: reports, by: \.state.name).mapValues(\.count) }
    var statusEntries: [any Encodable] { reports.map(Kind.statusEntry) }

    func addFiles(to served: inout ServedSecrets) {
        var files: [Kind.Request.Subject: Kind.Stored] = [:]
        for report in reports { files[report.request.subject] = report.stored }
        Kind.add(files, to: &served)
    }
}
