internal import Foundation

extension Duration {
    /// The duration in seconds with milliseconds, for the log.
    package var inLog: String {
        formatted(.units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 3)))
    }
}
