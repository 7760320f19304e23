internal import Glibc

/// A failed file operation.
public struct FileError: Error, Equatable, CustomStringConvertible {
    /// The failed operation: `write`, `create folder`, …
    public let operation: String
    public let path: String
    /// errno(3).
    public let code: Int32

    /// One line: `cannot write /run/x: No space left on device`.
    public var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }
}

/// Calls a function that reports an error by a negative result and errno(3). Retries after EINTR.
@discardableResult
func attempt(_ operation: String, _ path: String, _ body: () -> Int32) throws(FileError) -> Int32 {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw FileError(operation: operation, path: path, code: code) }
    }
}
