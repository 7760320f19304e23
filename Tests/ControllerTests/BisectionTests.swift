import Kubernetes
import KubernetesAPI
import Routing
import Testing

@testable import Controller

@Suite("Bisection")
struct BisectionTests {
    private static let suspects = (0..<64).map { OwnerRef(kind: .ingress, namespace: "n", name: "i\($0)") }

    /// - Parameter rejects: whether nginx rejects a configuration with the Ingresses of these numbers.
    private func search(
        _ rejects: @escaping (Set<Int>) -> Bool
    ) async -> (culprits: Set<Int>, tests: Int) {
        var tests = 0
        let search = Bisection { owners in
            tests += 1
            let numbers = Set(owners.compactMap { Self.suspects.firstIndex(of: $0) })
            return rejects(numbers) ? "rejected" : nil
        }
        let culprits = await search.culprits(among: Self.suspects)
        return (Set(culprits.keys.compactMap { Self.suspects.firstIndex(of: $0) }), tests)
    }

    @Test("an accepted configuration has no culprits and takes one test")
    func accepted() async {
        let (culprits, tests) = await search { _ in false }
        #expect(culprits.isEmpty)
        #expect(tests == 1)
    }

    @Test("one culprit is found in a number of tests that grows with the logarithm", arguments: [0, 1, 31, 32, 63])
    func one(bad: Int) async {
        let (culprits, tests) = await search { $0.contains(bad) }
        #expect(culprits == [bad])
        #expect(tests <= 2 + 2 * 6 + 1)
    }

    @Test("several culprits are found", arguments: [[3, 4], [0, 63], [1, 17, 33, 34], Array(0..<64)])
    func several(bad: [Int]) async {
        #expect(await search { !$0.isDisjoint(with: bad) }.culprits == Set(bad))
    }

    @Test("of two owners that nginx accepts only one at a time, the later one is the culprit")
    func together() async {
        let (culprits, _) = await search { $0.isSuperset(of: [5, 40]) }
        #expect(culprits == [40])
    }

    @Test("a configuration that is rejected without any of the owners has no culprits")
    func environment() async {
        let (culprits, tests) = await search { _ in true }
        #expect(culprits.isEmpty)
        #expect(tests == 2)
    }
}
