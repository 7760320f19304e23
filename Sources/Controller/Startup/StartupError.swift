/// An error at startup that ends the controller: one line.
public struct StartupError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
