internal import Kubernetes
internal import KubernetesAPI
internal import Nginx
internal import NginxConfig
internal import Routing

/// Asks nginx about parts of a plan before the whole is tried.
struct Trial {
    let renderer: ConfigurationRenderer
    let reloader: Reloader
    /// All Ingresses.
    let oldestFirst: [OwnerRef]

    /// Whom nginx refuses among those that changed, found in a configuration of nothing but the changed hosts: that
    /// takes as long with ten hosts as with ten thousand. Nobody where all hosts are new: then the whole is the test.
    func culprits(_ plan: Quarantine.Plan, isWhole: Bool = false) async -> [OwnerRef: String] {
        let changed = Set(plan.changed.values.joined())
        guard isWhole || changed.count * 2 < plan.table.hosts.count else { return [:] }
        let search = Bisection { owners in
            let tried = Set(owners.flatMap { plan.changed[$0] ?? [] })
            return await words(about: plan, tried.contains)
        }
        return await search.culprits(among: byAge(plan.changed.keys))
    }

    /// Whom nginx refuses although it accepts each by itself: everything that did not change stands beside them. Also
    /// among those that are held back, of whom it may refuse what is served in their place.
    func culpritsInWhole(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let alone = await culprits(plan, isWhole: true)
        guard alone.isEmpty else { return alone }
        let suspects = plan.changed.merging(plan.held) { changed, held in changed + held }
        let suspected = Set(suspects.values.joined())
        let search = Bisection { owners in
            let tried = Set(owners.flatMap { suspects[$0] ?? [] })
            return await words(about: plan) { tried.contains($0) || !suspected.contains($0) }
        }
        return await search.culprits(among: byAge(suspects.keys))
    }

    /// The oldest first, so that of two that go only one at a time the older one stays.
    private func byAge(_ owners: some Collection<OwnerRef>) -> [OwnerRef] {
        let owners = Set(owners)
        return oldestFirst.filter(owners.contains) + owners.subtracting(oldestFirst).sorted()
    }

    private func words(about plan: Quarantine.Plan, _ isTried: (Host) -> Bool) async -> String? {
        var part = plan.table
        part.hosts = part.hosts.filter { isTried($0.host) }
        let problem = await reloader.trial(renderer.render(part, plan.certificates)) {
            renderer.marker(generation: $0)
        }
        return problem.map(NginxMessage.withoutPlace)
    }
}
