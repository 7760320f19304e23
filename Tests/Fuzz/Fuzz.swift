import Escaping
import Foundation
import FuzzInputs

/// libFuzzer's own entry (FuzzerInterface of LLVM): it takes the arguments, chooses inputs by what they reach in the
/// code, and does not return before its time is over.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private let proof = Result { try RoutedProof() }

/// What is fuzzed: the variable `FUZZ_TARGET`, because the arguments are libFuzzer's.
private enum Target: String {
    /// From an Ingress to what nginx reads.
    case ingress
    /// The responses of the API server.
    case scanner
    /// Certificates and keys as people store them.
    case pem

    static let chosen = Target(rawValue: ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? "ingress")

    func check(_ input: [UInt8]) throws {
        switch self {
        case .ingress: try proof.get().check(FuzzInput.snapshot(input))
        case .scanner: try ScannerProof.check(input)
        case .pem: try PEMProof.check(input)
        }
    }
}

/// A broken rule, or a trap on the way, ends the process, and libFuzzer keeps the input.
@main
struct Fuzz {
    static func main() {
        guard Target.chosen != nil else {
            FileHandle.standardError.write(Data("FUZZ_TARGET: expected ingress, scanner or pem\n".utf8))
            exit(64)
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &arguments) { bytes, count in
                let input = Array(UnsafeBufferPointer(start: bytes, count: count))
                do {
                    try Target.chosen?.check(input)
                } catch {
                    fatalError("\(error)")
                }
                return 0
            })
    }
}
