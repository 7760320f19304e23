/// Something without which the controller cannot start; one line for the person who starts it.
public struct StartupError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
