import Kubernetes
import KubernetesAPI
import Routing
import Testing

@testable import Controller

@Suite("Who is to blame")
struct BisectionTests {
    private static let suspects = (0..<64).map { OwnerRef(kind: .ingress, namespace: "n", name: "i\($0)") }

    /// - Parameter refuses: whether nginx refuses a configuration with the Ingresses of these numbers.
    private func search(
        _ refuses: @escaping (Set<Int>) -> Bool
    ) async -> (culprits: Set<Int>, tests: Int) {
        var tests = 0
        let search = Bisection { owners in
            tests += 1
            let numbers = Set(owners.compactMap { Self.suspects.firstIndex(of: $0) })
            return refuses(numbers) ? "refused" : nil
        }
        let culprits = await search.culprits(among: Self.suspects)
        return (Set(culprits.keys.compactMap { Self.suspects.firstIndex(of: $0) }), tests)
    }

    @Test("nobody, where all is accepted: one test")
    func nobody() async {
        let (culprits, tests) = await search { _ in false }
        #expect(culprits.isEmpty)
        #expect(tests == 1)
    }

    @Test("one, in a number of tests that grows with the logarithm", arguments: [0, 1, 31, 32, 63])
    func one(bad: Int) async {
        let (culprits, tests) = await search { $0.contains(bad) }
        #expect(culprits == [bad])
        #expect(tests <= 2 + 2 * 6 + 1)
    }

    @Test("several", arguments: [[3, 4], [0, 63], [1, 17, 33, 34], Array(0..<64)])
    func several(bad: [Int]) async {
        #expect(await search { !$0.isDisjoint(with: bad) }.culprits == Set(bad))
    }

    @Test("two that only do not go together: one of them")
    func together() async {
        let (culprits, _) = await search { $0.isSuperset(of: [5, 40]) }
        #expect(culprits == [40])
    }

    @Test("nobody, where even nothing is refused: it is not theirs to mend")
    func environment() async {
        let (culprits, tests) = await search { _ in true }
        #expect(culprits.isEmpty)
        #expect(tests == 2)
    }
}
