internal import Routing

/// The backends that nginx selects for each request. Splits and blue-green pairs are variables that all servers share,
/// numbered in the order of the table. Pods are `upstream` blocks named after their Service.
struct UpstreamChoices {
    private(set) var splits: [(shares: [Backend.Share], key: StickyKey?)] = []
    /// The pods of each port of a Service, once for all hosts that use it.
    private(set) var groups: [(group: UpstreamGroup, backend: Backend, pods: [AddressAndPort])] = []
    private(set) var blueGreens: [(plain: Backend, blue: Backend, green: Backend)] = []
    private var names: Set<UpstreamGroup> = []
    private var numbers: [Backend: Int] = [:]
    private let pods: [Backend: [AddressAndPort]]

    init(_ table: RoutingTable) {
        pods = table.pods
        for backend in table.hosts.lazy.flatMap(\.routes).map(\.backend) { add(backend) }
    }

    /// The number of a split among the splits, or of a blue-green pair among the pairs; nil for other backends.
    func number(of backend: Backend) -> Int? { numbers[backend] }

    /// Nil for other backends than pods, and where no pods are known.
    func group(of backend: Backend) -> UpstreamGroup? {
        guard pods[backend] != nil else { return nil }
        return switch backend {
        case .pods(_, let address, let port): UpstreamGroup(address: address, port: port, balancing: nil)
        case .endpoints(_, let address, let port, let balancing):
            UpstreamGroup(address: address, port: port, balancing: balancing)
        case .service, .unavailable, .split, .blueGreen: nil
        }
    }

    private mutating func add(_ backend: Backend) {
        guard numbers[backend] == nil else { return }
        switch backend {
        case .service, .unavailable: break
        case .pods, .endpoints:
            guard let group = group(of: backend), let pods = pods[backend] else { return }
            // nginx accepts each name once. The names of two Services may differ in case only, which DNS ignores.
            if names.insert(group).inserted { groups.append((group, backend, pods)) }
        case .split(let shares, let key):
            for share in shares { add(share.backend) }
            numbers[backend] = splits.count
            splits.append((shares, key))
        case .blueGreen(let plain, let blue, let green):
            for part in [plain, blue, green] { add(part) }
            numbers[backend] = blueGreens.count
            blueGreens.append((plain, blue, green))
        }
    }
}

extension [Backend.Share] {
    /// The backends with their parts in hundredths of a percent, which add up to the whole: each sum from the first
    /// part on is rounded to the nearest hundredth.
    var parts: [(hundredths: Int, backend: Backend)] {
        let total = reduce(0) { $0 + $1.weight }
        var sum = 0
        return map { share in
            let before = (sum * 20_000 / total + 1) / 2
            sum += share.weight
            return ((sum * 20_000 / total + 1) / 2 - before, share.backend)
        }
    }
}
