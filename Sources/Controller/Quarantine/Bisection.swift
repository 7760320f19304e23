internal import Routing

/// Finds the culprits among the owners that changed, in about log₂ n tests for each culprit.
struct Bisection {
    /// nginx's message about a configuration with the changes of these owners; nil if nginx accepts it.
    typealias Test = ([OwnerRef]) async -> String?

    let test: Test

    /// Tests all suspects together, and parts of them only if that test fails. Of owners that nginx accepts only one at a
    /// time, the later ones in the list are the culprits.
    ///
    /// - Returns: nginx's message by culprit. Empty if nginx accepts all suspects, or rejects the configuration even
    ///   without any of them.
    func culprits(among suspects: [OwnerRef]) async -> [OwnerRef: String] {
        guard !suspects.isEmpty, let problem = await test(suspects), await test([]) == nil else { return [:] }
        var found = await search(suspects, problem)
        // nginx accepts each half and rejects the whole: the culprit is the first owner with which it rejects the rest.
        var rest = suspects.filter { found[$0] == nil }
        while !rest.isEmpty, let problem = await test(rest), !Task.isCancelled {
            let culprit = await firstRejected(rest, problem)
            found[rest.remove(at: culprit.index)] = culprit.problem
        }
        return found
    }

    /// - Parameter problem: nginx's message about all of `suspects` together.
    private func search(_ suspects: [OwnerRef], _ problem: String) async -> [OwnerRef: String] {
        if suspects.count == 1 { return [suspects[0]: problem] }
        var found: [OwnerRef: String] = [:]
        let middle = suspects.count / 2
        for half in [Array(suspects[..<middle]), Array(suspects[middle...])] where !Task.isCancelled {
            if let problem = await test(half) { found.merge(await search(half, problem)) { first, _ in first } }
        }
        return found
    }

    /// The last element of the shortest prefix that nginx rejects.
    private func firstRejected(_ suspects: [OwnerRef], _ problem: String) async -> (index: Int, problem: String) {
        var (accepted, rejected, message) = (0, suspects.count, problem)
        while rejected - accepted > 1 {
            let middle = (accepted + rejected) / 2
            if let problem = await test(Array(suspects[..<middle])) {
                (rejected, message) = (middle, problem)
            } else {
                accepted = middle
            }
        }
        return (rejected - 1, message)
    }
}
