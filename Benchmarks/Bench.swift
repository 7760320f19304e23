import Foundation
import TestBed

/// The commands of `scripts/bench`: measurements on the real components of the test bed. Each takes an optional number.
@main
enum Bench {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (1...2).contains(arguments.count) else { usage() }
        do {
            switch arguments[0] {
            case "apply": try await ApplyBenchmark(hosts: count(arguments, default: 10_000)).run()
            case "churn": try await ChurnBenchmark(replacements: count(arguments, default: 100)).run()
            case "faults": try await FaultBenchmark(seconds: count(arguments, default: 60)).run()
            case "memory": try await MemoryBenchmark(services: count(arguments, default: 1000)).run()
            case "neighbours": try await NeighboursBenchmark(rounds: count(arguments, default: 20)).run()
            case "quarantine": try await QuarantineBenchmark(hosts: count(arguments, default: 2_000)).run()
            case "refresh": try await RefreshBenchmark(hosts: count(arguments, default: 5_000)).run()
            case "reload": try await ReloadBenchmark(reloads: count(arguments, default: 100)).run()
            case "throughput": try await ThroughputBenchmark(hosts: count(arguments, default: 10_000)).run()
            case "vault": try await VaultBenchmark(secrets: count(arguments, default: 10_000)).run()
            default: usage()
            }
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(EXIT_FAILURE)
        }
    }

    private static func count(_ arguments: [String], default number: Int) -> Int {
        guard arguments.count == 2 else { return number }
        guard let count = Int(arguments[1]), count > 0 else { usage() }
        return count
    }

    private static func usage() -> Never {
        let usage = """
            usage: bench apply [HOSTS] | bench churn [PODS] | bench faults [SECONDS] | bench memory [SERVICES] | bench neighbours [ROUNDS]
                | bench quarantine [HOSTS] | bench refresh [HOSTS] | bench reload [RELOADS]
                | bench throughput [HOSTS] | bench vault [SECRETS]

            """
        FileHandle.standardError.write(Data(usage.utf8))
        exit(EX_USAGE)
    }
}
