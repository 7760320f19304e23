import Kubernetes
import KubernetesAPI
import Routing
import Testing

@testable import Controller

@Suite("Bisection")
struct BisectionTests {
    private static let candidates = (0..<64).map { OwnerRef(kind: .ingress, namespace: "n", name: "i\($0)") }

    /// - Parameter rejects: whether nginx rejects a configuration with the Ingresses of these numbers.
    private func search(
        _ rejects: @escaping (Set<Int>) -> Bool
    ) async -> (rejectedOwners: Set<Int>, tests: Int) {
        var tests = 0
        let search = Bisection { owners in
            tests += 1
            let numbers = Set(owners.compactMap { Self.candidates.firstIndex(of: $0) })
            return rejects(numbers) ? "rejected" : nil
        }
        let rejectedOwners = await search.rejectedOwners(among: Self.candidates)
        return (Set(rejectedOwners.keys.compactMap { Self.candidates.firstIndex(of: $0) }), tests)
    }

    @Test("an accepted configuration has no rejectedOwners and takes one test")
    func accepted() async {
        let (rejectedOwners, tests) = await search { _ in false }
        #expect(rejectedOwners.isEmpty)
        #expect(tests == 1)
    }

    @Test("one rejected owner is found in a logarithmic number of tests", arguments: [0, 1, 31, 32, 63])
    func one(bad: Int) async {
        let (rejectedOwners, tests) = await search { $0.contains(bad) }
        #expect(rejectedOwners == [bad])
        #expect(tests <= 2 + 2 * 6 + 1)
    }

    @Test("several rejectedOwners are found", arguments: [[3, 4], [0, 63], [1, 17, 33, 34], Array(0..<64)])
    func several(bad: [Int]) async {
        #expect(await search { !$0.isDisjoint(with: bad) }.rejectedOwners == Set(bad))
    }

    @Test("of two owners that nginx accepts only one at a time, the later one is rejected")
    func together() async {
        let (rejectedOwners, _) = await search { $0.isSuperset(of: [5, 40]) }
        #expect(rejectedOwners == [40])
    }

    @Test("a configuration that is rejected without any of the owners has no rejectedOwners")
    func environment() async {
        let (rejectedOwners, tests) = await search { _ in true }
        #expect(rejectedOwners.isEmpty)
        #expect(tests == 2)
    }
}
