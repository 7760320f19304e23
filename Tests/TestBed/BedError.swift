/// A part of the bed failed, or did not come to the state that a test waits for: one text for people.
public struct BedError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
