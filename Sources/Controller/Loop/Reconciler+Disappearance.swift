internal import Basics
internal import Kubernetes
internal import KubernetesAPI
internal import Logging
internal import NginxConfig
internal import Routing

/// The sudden loss of objects: the cache keeps them for a while, and this reports it.
extension Reconciler {
    /// Logs the differences from the last pass.
    func log(_ disappearances: [Disappearance]) {
        let last = parts.state.current.disappearances
        for new in disappearances where !last.contains(where: { $0.isSame(as: new) }) { log(new) }
        for old in last where !disappearances.contains(where: { $0.isSame(as: old) }) {
            if old.until <= .now {
                logger.error("grace period over, removing lost objects", metadata: old.metadata)
            } else {
                logger.notice("lost objects are back", metadata: old.metadata)
            }
        }
    }

    private func log(_ new: Disappearance) {
        var metadata = new.metadata
        metadata["removed_in"] = "\(parts.cache.disappearanceGrace.inLog)"
        logger.error("objects lost, serving them for now", metadata: metadata)
    }

    /// Once, before the first pass: classes may have disappeared while no controller was running. A class that belongs to
    /// another controller does not count, because the Ingress may have been given to that controller.
    func keepClassesOfLastRun() {
        guard !hasKeptClasses else { return }
        hasKeptClasses = true
        let served = Set((live?.configuration.table.hosts ?? []).map(\.owner))
        let names = parts.cache.snapshot.ingresses.values.filter { served.contains($0.ref) }
            .compactMap(\.spec.ingressClassName)
        parts.cache.keepMissing(classes: Set(names))
    }

    /// True while the first snapshot is as good as empty, but the last run has served hosts: they may have disappeared
    /// while no controller was running. nginx serves them meanwhile.
    func isEmptyStart() -> Bool {
        guard isFirstPass, parts.cache.disappearanceGrace > .zero, let served = live?.configuration.table.hosts,
            !served.isEmpty, parts.router.route(parts.cache.snapshot).ingresses.isEmpty
        else {
            emptyStart = nil
            return false
        }
        guard let until = emptyStart else {
            let until = ContinuousClock.now + parts.cache.disappearanceGrace
            let lost = Disappearance(
                kind: .ingress, name: nil, objects: Set(served.map(\.owner)).count, until: until)
            log(lost)
            parts.state.update { $0.disappearances = [lost] }
            emptyStart = until
            return true
        }
        guard until <= .now else { return true }
        emptyStart = nil
        return false
    }
}

extension Disappearance {
    fileprivate func isSame(as other: Disappearance) -> Bool {
        (kind, name, until) == (other.kind, other.name, other.until)
    }

    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["kind": "\(kind.rawValue)", "objects": "\(objects)"]
        metadata["object"] = name.map { "\($0)" }
        return metadata
    }
}
