/// The position within a value that is copied or dropped as a whole.
struct ScannedValue {
    var isStored = true
    /// Where the text of the value goes in addition.
    var identity: WritableKeyPath<ScannedObject, [UInt8]>?
    private(set) var isComplete = false
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Reads until the value is complete or the bytes end.
    ///
    /// - Returns: the end of the bytes that belong to the value.
    mutating func advance(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            if isInString {
                readInString(byte)
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    // The end of the container of a number or a word.
                    if depth == 0 {
                        isComplete = true
                        return position
                    }
                    depth -= 1
                    if depth == 0 {
                        isComplete = true
                        return position + 1
                    }
                case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
                    if depth == 0 {
                        isComplete = true
                        return position
                    }
                default: break
                }
            }
            position += 1
            if isComplete { return position }
        }
        return position
    }

    private mutating func readInString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
            isComplete = depth == 0
        }
    }
}
