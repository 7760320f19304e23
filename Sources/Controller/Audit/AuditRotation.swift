/// When the audit log's file is put aside, and how many of those stay.
public struct AuditRotation: Sendable, Equatable {
    /// In bytes, not counting what each file begins with; nil for never.
    public var maxSize: Int?
    /// How many files stay beside the current one.
    public var keep: Int

    public init(maxSize: Int?, keep: Int) {
        self.maxSize = maxSize
        self.keep = keep
    }

    /// 100 MB, and five files.
    public static let standard = AuditRotation(maxSize: 100 << 20, keep: 5)
}
