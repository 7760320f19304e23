/// The labels and annotations of a kind of object that code reads.
package struct MetadataFilter: Sendable {
    package var labels: @Sendable (_ name: String) -> Bool
    package var annotations: @Sendable (_ name: String) -> Bool

    package init(
        labels: @escaping @Sendable (_ name: String) -> Bool = { _ in false },
        annotations: @escaping @Sendable (_ name: String) -> Bool = { _ in false }
    ) {
        self.labels = labels
        self.annotations = annotations
    }
}
