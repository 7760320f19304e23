/// A part of the bed failed, or did not reach the state for which a test waits.
public struct BedError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
