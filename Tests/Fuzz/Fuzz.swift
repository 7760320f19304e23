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

/// From an Ingress to what nginx reads: a value that gets out of its word, or a trap on the way, ends the process, and
/// libFuzzer keeps the input.
@main
struct Fuzz {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &arguments) { bytes, count in
                let input = Array(UnsafeBufferPointer(start: bytes, count: count))
                do {
                    try proof.get().check(FuzzInput.snapshot(input))
                } catch {
                    fatalError("\(error)")
                }
                return 0
            })
    }
}
