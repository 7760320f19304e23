internal import Nginx
internal import NginxConfig
internal import Routing

/// Tests parts of a plan with `nginx -t` to find the owners whose configuration nginx rejects.
struct DryRun {
    let renderer: ConfigurationRenderer
    let reloader: any ConfigurationReloader
    /// All owners.
    let oldestFirst: [OwnerRef]

    /// Finds the culprits among the owners of changed hosts, in configurations of nothing but these hosts: the time does
    /// not grow with the number of unchanged hosts. If most hosts are new, the test of the whole configuration is not
    /// slower, and none is looked for.
    func culpritsAmongChanged(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let changed = Set(plan.changed.values.joined())
        guard changed.count * 2 < plan.configuration.table.hosts.count else { return [:] }
        return await culpritsAlone(plan)
    }

    /// Finds the culprits after nginx has rejected the whole plan: owners that nginx rejects alone, else owners that it
    /// rejects beside the unchanged hosts. An owner that is held may be among them: nginx may reject its substitute.
    func culpritsInWhole(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let alone = await culpritsAlone(plan)
        guard alone.isEmpty else { return alone }
        let suspects = plan.changed.merging(plan.held) { changed, held in changed + held }
        let suspected = Set(suspects.values.joined())
        let bisection = Bisection { owners in
            let tried = Set(owners.flatMap { suspects[$0] ?? [] })
            return await problem(of: plan) { tried.contains($0) || !suspected.contains($0) }
        }
        return await bisection.culprits(among: byAge(suspects.keys))
    }

    private func culpritsAlone(_ plan: Quarantine.Plan) async -> [OwnerRef: String] {
        let bisection = Bisection { owners in
            let tried = Set(owners.flatMap { plan.changed[$0] ?? [] })
            return await problem(of: plan, tried.contains)
        }
        return await bisection.culprits(among: byAge(plan.changed.keys))
    }

    /// The oldest first: of two owners that nginx accepts only one at a time, the older one stays.
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
