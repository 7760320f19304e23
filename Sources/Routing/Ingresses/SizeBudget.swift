/// The size budget of one Ingress in nginx's configuration: its limit and the bytes used so far.
struct SizeBudget {
    /// Each generation that is kept has these bytes. A thousand hosts with one path each take up a third of them.
    private static let maximumBytes = 4_000_000

    private var bytes = 0
    /// Set by the first part that does not fit; no later part is served.
    private var isExhausted = false
    private var counted: Set<Backend> = []

    enum Answer {
        case fits
        /// The first part that does not fit.
        case rejected(FieldRejection)
        case exhausted
    }

    mutating func take(_ host: String, _ settings: HostSettings, field: String) -> Answer {
        take(Self.size(of: settings), field, host)
    }

    /// The size of a host that is admitted, with its paths. The backends that were counted before are not counted again.
    mutating func count(_ host: VirtualHost) -> Int {
        host.routes.reduce(Self.size(of: host.settings)) { $0 + size(of: $1.match, $1.backend) }
    }

    private static func size(of settings: HostSettings) -> Int { 1000 + 32 * (settings.allowFrom?.count ?? 0) }

    private mutating func size(of match: PathMatch, _ backend: Backend) -> Int {
        let choice = counted.insert(backend).inserted ? backend.bytes : 0
        return 450 + 2 * match.path.text.utf8.count + choice
    }

    /// - Parameter field: the field of the path's object.
    mutating func take(_ match: PathMatch, _ backend: Backend, field: String) -> Answer {
        take(size(of: match, backend), field + ".path", match.path.text)
    }

    private mutating func take(_ size: Int, _ field: String, _ value: String) -> Answer {
        guard !isExhausted else { return .exhausted }
        guard bytes + size <= Self.maximumBytes else {
            isExhausted = true
            return .rejected(
                FieldRejection(
                    field: field, value: value,
                    explanation:
                        "expected at most \(Self.maximumBytes) bytes of nginx's configuration for one Ingress; this entry and all after it are rejected"
                ))
        }
        bytes += size
        return .fits
    }
}

extension VirtualHost {
    /// An estimate of its bytes in nginx's configuration.
    package var configurationSize: Int {
        var size = SizeBudget()
        return size.count(self)
    }
}

extension Backend {
    /// The size of what all paths to the backend share.
    fileprivate var bytes: Int {
        switch self {
        case .service(_, let address, _), .pods(_, let address, _), .endpoints(_, let address, _, _):
            40 + address.text.utf8.count
        case .unavailable: 0
        case .split(let shares, _): shares.reduce(200) { $0 + $1.backend.bytes }
        case .blueGreen(let plain, let blue, let green): 200 + plain.bytes + blue.bytes + green.bytes
        }
    }
}
