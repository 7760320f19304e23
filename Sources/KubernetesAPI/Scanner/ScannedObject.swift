/// An object of a response, without the parts that no code reads.
package struct ScannedObject: Sendable, Equatable {
    package var json: [UInt8] = []
    /// True if `json` is cut off, because the object is too large.
    package var isTooLarge = false
    /// JSON strings, as found in `metadata`; empty if there are none.
    var namespace: [UInt8] = []
    var name: [UInt8] = []
    var resourceVersion: [UInt8] = []
}
