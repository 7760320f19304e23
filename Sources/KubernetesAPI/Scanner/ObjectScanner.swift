/// Separates the objects of a response of the API server while it arrives, and drops the parts of each that no code reads.
///
/// It neither recurses nor stores what it drops, so neither the depth nor the size of one object affects the others. What
/// it keeps is not validated; the decoder does that, object by object.
package struct ObjectScanner {
    package enum Shape: Sendable {
        /// A list: the objects are its `items`.
        case list
        /// One line of a watch: the object is `object`.
        case watchEvent
        /// A single object.
        case object
    }

    /// The API server rejects requests above 3 MB, and etcd values above 1.5 MB (their defaults).
    package static let maximumItemBytes = 8 << 20
    /// The limit for everything outside the objects: the type of an event, the metadata of a list.
    static let maximumEnvelopeBytes = 64 << 10
    /// Longer than the name of any field that is read; an annotation's name has at most 317 bytes.
    static let maximumKeyBytes = 1024

    /// The response without its objects: valid JSON if the response is.
    package internal(set) var envelope: [UInt8] = []
    let shape: Shape
    let filter: MetadataFilter
    let maximumItemBytes: Int
    /// The complete objects that have not been taken.
    var items: [ScannedObject] = []
    var item: ScannedObject?
    /// The number of containers around the current object.
    var itemDepth = 0
    var containers: [Container] = []
    var state = State.value
    /// Of the next byte, from the start of the response.
    var offset = 0

    package init(_ shape: Shape, filter: MetadataFilter, maximumItemBytes: Int = Self.maximumItemBytes) {
        self.shape = shape
        self.filter = filter
        self.maximumItemBytes = maximumItemBytes
    }

    /// Reads the next bytes of the response and returns the objects that they complete.
    package mutating func read(_ bytes: [UInt8]) throws(ScanError) -> [ScannedObject] {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ScanError) in
            var position = 0
            while position < bytes.count {
                guard case .inValue(var value) = state else {
                    try read(bytes[position])
                    if case .inValue = state { continue }
                    position += 1
                    offset += 1
                    continue
                }
                let end = value.advance(in: bytes, from: position)
                store(bytes[position..<end], of: value)
                offset += end - position
                position = end
                if value.isComplete { endMember() } else { state = .inValue(value) }
            }
        }
        defer { items = [] }
        return items
    }

    /// - Returns: the object that ends with the response: a number or a word.
    /// - Throws: if the response is not complete.
    package mutating func finish() throws(ScanError) -> ScannedObject? {
        // Only the end of the text completes a number.
        if containers.isEmpty, case .inValue = state { endMember() }
        guard case .end = state else { throw ScanError(offset: offset, expected: "more, found the end") }
        return items.popLast()
    }
}
