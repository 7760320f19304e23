internal import Routing

/// The backends that are chosen request by request. nginx knows them as variables that are defined once for all
/// servers, so each is numbered, in the order of the table; pods stand in blocks that are named after their Service.
struct UpstreamChoices {
    private(set) var splits: [(shares: [Backend.Share], key: StickyKey?)] = []
    /// The pods of each Service's port, once for all who share it.
    private(set) var groups: [(group: UpstreamGroup, pods: [AddressAndPort])] = []
    private(set) var blueGreens: [(plain: Backend, blue: Backend, green: Backend)] = []
    private var names: Set<UpstreamGroup> = []
    private var numbers: [Backend: Int] = [:]
    private let pods: [Backend: [AddressAndPort]]

    init(_ table: RoutingTable) {
        pods = table.pods
        for backend in table.hosts.lazy.flatMap(\.routes).map(\.backend) { add(backend) }
    }

    /// Of a split among the splits, of a blue-green pair among the pairs; nil for a backend that is not chosen.
    func number(of backend: Backend) -> Int? { numbers[backend] }

    /// Nil where no pods are known, and for a backend that is not pods.
    func group(of backend: Backend) -> UpstreamGroup? {
        guard case .pods(_, let address, let port) = backend, pods[backend] != nil else { return nil }
        return UpstreamGroup(address: address, port: port)
    }

    private mutating func add(_ backend: Backend) {
        guard numbers[backend] == nil else { return }
        switch backend {
        case .service, .unavailable: break
        case .pods:
            guard let group = group(of: backend), let pods = pods[backend] else { return }
            // nginx takes each name once only; those of two Services may differ in what DNS does not tell apart.
            if names.insert(group).inserted { groups.append((group, pods)) }
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
    /// Each backend with its part in hundredths of a percent, the last with what is left: rounded so that the parts up
    /// to any of them are right to half of that.
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
