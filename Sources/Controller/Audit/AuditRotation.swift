/// When the file of the audit log is rotated, and how many rotated files stay.
public struct AuditRotation: Sendable, Equatable {
    /// In bytes, without the head of each file; nil for no limit.
    public var maxSize: Int?
    /// The number of rotated files that stay.
    public var keep: Int

    public init(maxSize: Int?, keep: Int) {
        self.maxSize = maxSize
        self.keep = keep
    }
}
