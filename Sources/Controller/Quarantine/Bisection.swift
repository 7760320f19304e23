internal import Routing

/// Finds the rejected owners among the owners that changed, in about log₂ n tests for each rejected owner.
struct Bisection {
    /// nginx's message about a configuration with the changes of these owners; nil if nginx accepts it.
    typealias Test = ([OwnerRef]) async -> String?

    let test: Test

    /// Tests all candidates together, and parts of them only if that test fails. Of owners that nginx accepts only one
    /// at a time, the later ones in the list are the rejected owners.
    ///
    /// - Returns: nginx's message by rejected owner. Empty if nginx accepts all candidates, or rejects the
    ///   configuration even without any of them.
    func rejectedOwners(among candidates: [OwnerRef]) async -> [OwnerRef: String] {
        guard !candidates.isEmpty, let problem = await test(candidates), await test([]) == nil else { return [:] }
        var found = await search(candidates, problem)
        // nginx accepts each half and rejects the whole: the rejected owner is the first owner with which it rejects
        // the rest.
        var rest = candidates.filter { found[$0] == nil }
        while !rest.isEmpty, let problem = await test(rest), !Task.isCancelled {
            let first = await firstRejected(rest, problem)
            found[rest.remove(at: first.index)] = first.problem
        }
        return found
    }

    /// - Parameter problem: nginx's message about all of `candidates` together.
    private func search(_ candidates: [OwnerRef], _ problem: String) async -> [OwnerRef: String] {
        if candidates.count == 1 { return [candidates[0]: problem] }
        var found: [OwnerRef: String] = [:]
        let middle = candidates.count / 2
        for half in [Array(candidates[..<middle]), Array(candidates[middle...])] where !Task.isCancelled {
            if let problem = await test(half) { found.merge(await search(half, problem)) { first, _ in first } }
        }
        return found
    }

    /// The last element of the shortest prefix that nginx rejects.
    private func firstRejected(_ candidates: [OwnerRef], _ problem: String) async -> (index: Int, problem: String) {
        var (accepted, rejected, message) = (0, candidates.count, problem)
        while rejected - accepted > 1 {
            let middle = (accepted + rejected) / 2
            if let problem = await test(Array(candidates[..<middle])) {
                (rejected, message) = (middle, problem)
            } else {
                accepted = middle
            }
        }
        return (rejected - 1, message)
    }
}
