internal import Nginx
internal import NginxConfig
internal import Routing

/// Tests parts of a plan with `nginx -t` to find the owners whose configuration nginx rejects.
struct DryRun {
    let renderer: ConfigurationRenderer
    let reloader: any ConfigurationReloader
    /// All owners.
    let oldestFirst: [OwnerRef]

    /// Finds the rejected owners among the owners of changed hosts, in configurations of nothing but these hosts: the
    /// time does not grow with the number of unchanged hosts. If most hosts are new, the test of the whole
    /// configuration is not slower, and there is no dry run.
    func rejectedAmongChanged(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let changed = Set(plan.changed.values.joined())
        guard changed.count * 2 < plan.configuration.table.hosts.count else { return [:] }
        return await culpritsAlone(plan)
    }

    /// Finds the rejected owners after nginx has rejected the whole plan: owners that nginx rejects alone, else owners
    /// that it rejects beside the unchanged hosts. A quarantined owner may be among them: nginx may reject its
    /// substitute.
    func rejectedInWhole(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let alone = await culpritsAlone(plan)
        guard alone.isEmpty else { return alone }
        let candidates = plan.changed.merging(plan.quarantinedHosts) { changed, quarantined in changed + quarantined }
        let candidateHosts = Set(candidates.values.joined())
        let bisection = Bisection { owners in
            let tried = Set(owners.flatMap { candidates[$0] ?? [] })
            return await problem(of: plan) { tried.contains($0) || !candidateHosts.contains($0) }
        }
        return await bisection.rejectedOwners(among: byAge(candidates.keys))
    }

    private func culpritsAlone(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let bisection = Bisection { owners in
            let tried = Set(owners.flatMap { plan.changed[$0] ?? [] })
            return await problem(of: plan, tried.contains)
        }
        return await bisection.rejectedOwners(among: byAge(plan.changed.keys))
    }

    /// Oldest first: if nginx accepts two owners only separately, the younger one is quarantined.
    private func byAge(_ owners: some Collection<OwnerRef>) -> [OwnerRef] {
        let owners = Set(owners)
        return oldestFirst.filter(owners.contains) + owners.subtracting(oldestFirst).sorted()
    }

    /// nginx's message about the plan with only some of its hosts; nil if nginx accepts it.
    private func problem(of plan: Quarantine.Plan, _ isTried: (Host) -> Bool) async -> String? {
        var part = plan.configuration
        part.table.hosts = part.table.hosts.filter { isTried($0.host) }
        let problem = await reloader.dryRun(renderer.render(part))
        // The file no longer exists when the message is read.
        return problem.map(NginxMessage.withoutPlace)
    }
}
