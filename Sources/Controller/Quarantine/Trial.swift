internal import Kubernetes
internal import Nginx
internal import NginxConfig
internal import Routing

/// Asks nginx about parts of a plan before the whole is tried.
struct Trial {
    let renderer: ConfigurationRenderer
    let reloader: Reloader

    /// Whom nginx refuses among those that changed, found in a configuration of nothing but the changed hosts: that
    /// takes as long with ten hosts as with ten thousand. Nobody where all hosts are new: then the whole is the test.
    func culprits(_ plan: Quarantine.Plan, isWhole: Bool = false) async -> [ObjectKey: String] {
        let suspects = plan.changed.keys.sorted()
        let changed = Set(plan.changed.values.joined())
        guard isWhole || changed.count * 2 < plan.table.hosts.count else { return [:] }
        let search = CulpritSearch { owners in
            let tried = Set(owners.flatMap { plan.changed[$0] ?? [] })
            var part = plan.table
            part.hosts = part.hosts.filter { tried.contains($0.host) }
            return await words(about: part, plan.certificates)
        }
        return await search.culprits(among: suspects)
    }

    /// Whom nginx refuses although it accepts each by itself: everything that did not change stands beside them.
    func culpritsInWhole(_ plan: Quarantine.Plan) async -> [ObjectKey: String] {
        let alone = await culprits(plan, isWhole: true)
        guard alone.isEmpty else { return alone }
        let changed = Set(plan.changed.values.joined())
        let search = CulpritSearch { owners in
            let tried = Set(owners.flatMap { plan.changed[$0] ?? [] })
            var part = plan.table
            part.hosts = part.hosts.filter { tried.contains($0.host) || !changed.contains($0.host) }
            return await words(about: part, plan.certificates)
        }
        return await search.culprits(among: plan.changed.keys.sorted())
    }

    private func words(about table: RoutingTable, _ certificates: CertificateSet) async -> String? {
        let problem = await reloader.trial(renderer.render(table, certificates)) { renderer.marker(generation: $0) }
        // The file is gone when somebody reads this.
        return problem?.replacing(#/ in \S+:\d+$/#, with: "")
    }
}
