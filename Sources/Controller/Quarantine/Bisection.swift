internal import Kubernetes
internal import Routing

/// Finds whom nginx refuses among the Ingresses that changed, in about log₂ n tests for each of them.
struct Bisection {
    /// nginx's words about a configuration with these Ingresses' changes; nil where it accepts them.
    typealias Test = ([OwnerRef]) async -> String?

    let test: Test

    /// Tests all of them, and only where that fails, parts. Of those that go only without each other the later ones in
    /// the list are to blame. Empty where nobody is to blame: everything is accepted, or
    /// even a configuration without any of them is refused.
    func culprits(among suspects: [OwnerRef]) async -> [OwnerRef: String] {
        guard !suspects.isEmpty, let problem = await test(suspects), await test([]) == nil else { return [:] }
        var found = await search(suspects, problem)
        // Each half was accepted, the whole was not: the one that the others do not go with is the first to tip it.
        var rest = suspects.filter { found[$0] == nil }
        while !rest.isEmpty, let problem = await test(rest), !Task.isCancelled {
            let (index, words) = await firstToTip(rest, problem)
            found[rest.remove(at: index)] = words
        }
        return found
    }

    /// - Parameter problem: what nginx says of all of `suspects` together.
    private func search(_ suspects: [OwnerRef], _ problem: String) async -> [OwnerRef: String] {
        if suspects.count == 1 { return [suspects[0]: problem] }
        var found: [OwnerRef: String] = [:]
        let middle = suspects.count / 2
        for half in [Array(suspects[..<middle]), Array(suspects[middle...])] where !Task.isCancelled {
            if let problem = await test(half) { found.merge(await search(half, problem)) { first, _ in first } }
        }
        return found
    }

    /// The end of the shortest beginning of the list that is refused.
    private func firstToTip(_ suspects: [OwnerRef], _ problem: String) async -> (index: Int, problem: String) {
        var (accepted, refused, words) = (0, suspects.count, problem)
        while refused - accepted > 1 {
            let middle = (accepted + refused) / 2
            if let problem = await test(Array(suspects[..<middle])) {
                (refused, words) = (middle, problem)
            } else {
                accepted = middle
            }
        }
        return (refused - 1, words)
    }
}
