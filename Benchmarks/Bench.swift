import Foundation
import TestBed

/// `bench apply [ROUNDS]`: measurements on the real parts of the test bed.
@main
enum Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let rounds = arguments.dropFirst().first.map { Int($0) } ?? 30
        guard arguments.first == "apply", arguments.count <= 2, let rounds, rounds > 0 else {
            FileHandle.standardError.write(Data("usage: bench apply [ROUNDS]\n".utf8))
            exit(EX_USAGE)
        }
        try await ApplyBenchmark(rounds: rounds).run()
    }
}
