internal import Routing

/// The backends that are chosen request by request. nginx knows them as variables that are defined once for all
/// servers, so each is numbered, in the order of the table; pods stand in blocks that are named after their Service.
struct UpstreamChoices {
    private(set) var splits: [(shares: [Backend.Share], key: StickyKey?)] = []
    /// The pods of each Service's port, once for all who share it.
    private(set) var groups: [(group: UpstreamGroup, endpoints: [AddressAndPort])] = []
    private(set) var blueGreens: [(plain: Backend, blue: Backend, green: Backend)] = []
    private var names: Set<UpstreamGroup> = []
    private var numbers: [Backend: Int] = [:]

    init(_ table: RoutingTable) {
        for backend in table.hosts.lazy.flatMap(\.routes).map(\.backend) { add(backend) }
    }

    /// Of a split among the splits, of a blue-green pair among the pairs; nil for a backend that is not chosen.
    func number(of backend: Backend) -> Int? { numbers[backend] }

    private mutating func add(_ backend: Backend) {
        guard numbers[backend] == nil else { return }
        switch backend {
        case .service, .unavailable: break
        case .pods(_, let address, let port, let endpoints):
            let group = UpstreamGroup(address: address, port: port)
            // nginx takes each name once only; those of two Services may differ in what DNS does not tell apart.
            if names.insert(group).inserted { groups.append((group, endpoints)) }
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
