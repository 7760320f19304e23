internal import KubernetesAPI

/// Selects the Services whose pods nginx knows; the others are reached by name.
///
/// For each request, nginx searches its pools one by one, and each takes 20 KB: a few hundred cost nothing that can be
/// measured, and ten thousand cost more than they give. Namespaces take turns, so that none takes the pools of others.
struct PoolSelection {
    static let maximumPools = 256
    static let maximumPods = 10_000

    /// Of the selected backends.
    private(set) var pods: [Backend: [AddressAndPort]] = [:]

    /// - Parameters:
    ///   - hosts: by owner, oldest first.
    ///   - known: the known pods of all backends.
    init(
        _ hosts: [VirtualHost], _ known: [Backend: [AddressAndPort]], pools: Int = Self.maximumPools,
        maximumPods: Int = Self.maximumPods
    ) {
        guard known.keys.contains(where: \.isBalanced) else { return }
        var left = maximumPods
        for backend in Self.inTurn(hosts, known) {
            guard let addresses = known[backend], addresses.count <= left else { continue }
            guard pods.count < pools else { return }
            pods[backend] = addresses
            left -= addresses.count
        }
    }

    /// The backends that hosts use: the first of each namespace, then the second of each. Those of one namespace are sorted
    /// by the number of paths that lead to them, and then by age.
    private static func inTurn(_ hosts: [VirtualHost], _ known: [Backend: [AddressAndPort]]) -> [Backend] {
        var uses: [Backend: (paths: Int, first: Int)] = [:]
        for backend in hosts.lazy.flatMap(\.routes).flatMap({ $0.backend.endpoints }) where known[backend] != nil {
            uses[backend] = uses[backend].map { ($0.paths + 1, $0.first) } ?? (1, uses.count)
        }
        let byNamespace = Dictionary(grouping: uses) { $0.key.service?.namespace ?? "" }.mapValues { used in
            used.sorted { ($1.value.paths, $0.value.first) < ($0.value.paths, $1.value.first) }.map(\.key)
        }
        let turns = byNamespace.flatMap { namespace, backends in
            backends.enumerated().map { (turn: $0.offset, namespace: namespace, backend: $0.element) }
        }
        return turns.sorted { ($0.turn, $0.namespace) < ($1.turn, $1.namespace) }.map(\.backend)
    }
}

extension Backend {
    fileprivate var isBalanced: Bool { if case .endpoints = self { true } else { false } }
}
