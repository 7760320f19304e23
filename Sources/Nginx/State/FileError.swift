internal import Glibc

/// A file operation that the system refused.
public struct FileError: Error, Equatable, CustomStringConvertible {
    /// What was tried: `write`, `create folder`, …
    public let operation: String
    public let path: String
    /// errno(3).
    public let code: Int32

    /// One line: `cannot write /run/x: No space left on device`.
    public var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }
}

/// Calls a function that reports failure by a negative result and errno(3).
@discardableResult
func attempt(_ operation: String, _ path: String, _ body: () -> Int32) throws(FileError) -> Int32 {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw FileError(operation: operation, path: path, code: code) }
    }
}
