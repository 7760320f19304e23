/// The rules of rotation: the size of a file, and the number of rotated files that are kept.
public struct AuditRotation: Sendable, Equatable {
    /// In bytes, without the head of each file; nil for no limit.
    public var maxSize: Int?
    /// The number of rotated files that are kept.
    public var keep: Int

    public init(maxSize: Int?, keep: Int) {
        self.maxSize = maxSize
        self.keep = keep
    }
}
