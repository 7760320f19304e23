/// The response is not JSON of the expected shape.
package struct ScanError: Error, Equatable, CustomStringConvertible {
    /// In bytes from the start of the response.
    package var offset: Int
    package var expected: String

    package init(offset: Int, expected: String) {
        self.offset = offset
        self.expected = expected
    }

    package var description: String { "byte \(offset): expected \(expected)" }
}
